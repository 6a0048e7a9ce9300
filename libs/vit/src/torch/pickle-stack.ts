import { TorchFileError } from '../vit.errors';
import { describePickleValue, type PickleValue } from './pickle-values';

/** The unpickling machine's stack, its marks and its memo. */
export class PickleStack {
  private values: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();

  /** @returns the depth afterwards, like every method here that does not return a value */
  push(value: PickleValue): number {
    return this.values.push(value);
  }

  pop(): PickleValue {
    const value = this.values.length > this.floor() ? this.values.pop() : undefined;
    if (value === undefined) throw underflow();
    return value;
  }

  top(): PickleValue {
    const value = this.values.length > this.floor() ? this.values.at(-1) : undefined;
    if (value === undefined) throw underflow();
    return value;
  }

  /** The last `count` values, in the order in which they were pushed. */
  take(count: number): PickleValue[] {
    if (this.values.length - count < this.floor()) throw underflow();
    return this.values.splice(this.values.length - count);
  }

  mark(): number {
    return this.marks.push(this.values.length);
  }

  /** Everything above the last mark, which is removed. */
  takeToMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined)
      throw new TorchFileError('TORCH.PICKLE_STACK', 'the pickle closes a group that it never opened');
    return this.values.splice(mark);
  }

  remember(index: number): number {
    this.memo.set(index, this.top());
    return this.memo.size;
  }

  rememberNext(): number {
    return this.remember(this.memo.size);
  }

  recall(index: number): number {
    const value = this.memo.get(index);
    if (value === undefined) {
      throw new TorchFileError('TORCH.PICKLE_STACK', `the pickle refers to value ${index}, which it never remembered`);
    }
    return this.push(value);
  }

  /** The result, when the pickle ends: the one value that is left. */
  result(): PickleValue {
    const value = this.pop();
    if (this.values.length > 0 || this.marks.length > 0) {
      throw new TorchFileError(
        'TORCH.PICKLE_STACK',
        `expected one value at the end of the pickle, got ${describePickleValue(value)} and ${this.values.length} more`,
      );
    }
    return value;
  }

  private floor(): number {
    return this.marks.at(-1) ?? 0;
  }
}

function underflow(): TorchFileError {
  return new TorchFileError('TORCH.PICKLE_STACK', 'the pickle takes a value from an empty stack');
}
