import { tf } from '@fedistl/compute';

/** A tensor of a pack: its name and shape. */
export interface PackMember {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Small tensors that are updated as one vector. A transformer has dozens of biases and norms of a few hundred numbers; an
 * operation on each costs more to start than to compute, so the update of all of them runs on their concatenation.
 */
export class Pack {
  private readonly sizes: number[];

  constructor(readonly members: readonly PackMember[]) {
    this.sizes = members.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  }

  /** All members' values, one after the other, [n]; a single member's value as it is. */
  join(valueOf: (name: string) => tf.Tensor): tf.Tensor {
    const [only] = this.members;
    if (this.members.length === 1 && only !== undefined) return valueOf(only.name);
    return tf.concat(this.members.map(({ name }) => tf.reshape(valueOf(name), [-1])));
  }

  /** The members' parts of a joined vector, in their shapes. */
  split(joined: tf.Tensor): Map<string, tf.Tensor> {
    const [only] = this.members;
    if (this.members.length === 1 && only !== undefined) return new Map([[only.name, joined]]);
    const parts = tf.split(joined, this.sizes);
    return new Map(this.members.map(({ name, shape }, i) => [name, tf.reshape(parts[i] as tf.Tensor, [...shape])]));
  }

  /**
   * One number a member, repeated for each of its elements; of a single member a scalar, which broadcasts.
   *
   * @param perMember [members]
   * @returns [n] or []
   */
  spread(perMember: tf.Tensor): tf.Tensor {
    if (this.members.length === 1) return tf.reshape(perMember, []);
    const owner = Int32Array.from(this.sizes.flatMap((size, member) => new Array<number>(size).fill(member)));
    return tf.gather(perMember, tf.tensor1d(owner, 'int32'));
  }
}
