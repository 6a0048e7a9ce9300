import { tf } from '../tf';

/** Whether the active backend brings a kernel of this name. The published type of `getKernel` forgets that it may not. */
export function hasKernel(name: string): boolean {
  return (tf.getKernel(name, tf.getBackend()) as tf.KernelConfig | undefined) !== undefined;
}
