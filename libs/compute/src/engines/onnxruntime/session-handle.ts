import { type InferenceSession } from 'onnxruntime-node';

/**
 * A session that is released when its last holder lets go. Tensors in device memory belong to the session that made them:
 * a state tensor therefore holds its session, or the buffer would vanish with a disposed program (the runtime does not
 * check, it crashes).
 */
export class SessionHandle {
  private holders = 1;

  constructor(readonly session: InferenceSession) {}

  hold(): this {
    this.holders += 1;
    return this;
  }

  async letGo(): Promise<void> {
    this.holders -= 1;
    if (this.holders === 0) await this.session.release();
  }
}
