import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../files/json-file';

const stateSchema = z.strictObject({
  format: z.literal('fedistl-node-state/1'),
  /** Why a person paused the node; null when it is not paused. */
  paused: z.string().max(300).nullable(),
  /** Greatest model index seen, by study: a coordinator that goes back is found out. */
  modelIndices: z.record(z.string(), z.int().min(0)),
});

/** What the node remembers beside its rounds. Each change is on the disk when the promise resolves. */
export class NodeState {
  private constructor(
    private readonly file: string,
    private state: z.infer<typeof stateSchema>,
  ) {}

  static async open(file: string): Promise<NodeState> {
    const stored = await readJsonFile(stateSchema, file, 'state');
    return new NodeState(file, stored ?? { format: 'fedistl-node-state/1', paused: null, modelIndices: {} });
  }

  get paused(): string | null {
    return this.state.paused;
  }

  pause(reason: string): Promise<void> {
    return this.#write({ ...this.state, paused: reason.slice(0, 300) || 'paused' });
  }

  resume(): Promise<void> {
    return this.#write({ ...this.state, paused: null });
  }

  lastModelIndex(studyId: string): number {
    return this.state.modelIndices[studyId] ?? 0;
  }

  async sawModelIndex(studyId: string, modelIndex: number): Promise<void> {
    if (modelIndex <= this.lastModelIndex(studyId)) return;
    await this.#write({ ...this.state, modelIndices: { ...this.state.modelIndices, [studyId]: modelIndex } });
  }

  async #write(state: z.infer<typeof stateSchema>): Promise<void> {
    this.state = state;
    await writeJsonFile(this.file, state);
  }
}
