import { registerElementwise } from './elementwise';
import { registerOwnKernels } from './fedistl';
import { registerMatMul } from './matmul';
import { registerReductions } from './reduce';
import { refuseOtherKernels } from './register';
import { registerShape } from './shape';

let registered = false;

/** Teaches the trace backend its kernels; the second call does nothing. */
export function registerTraceKernels(): void {
  if (registered) return;
  registered = true;
  registerElementwise();
  registerShape();
  registerReductions();
  registerMatMul();
  registerOwnKernels();
  refuseOtherKernels();
}

export { ZERO_INPUT } from './fedistl';
