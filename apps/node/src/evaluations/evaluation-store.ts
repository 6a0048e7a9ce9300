import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { readJsonFile, writeJsonFile } from '../files/json-file';
import { type EvaluationPosition, evaluationPositionSchema } from './evaluation-position';

type OrderName = Pick<EvaluationPosition['order'], 'studyId' | 'generation' | 'candidateHash'>;

/** Positions of evaluations, each in a file of its own. */
export class EvaluationStore {
  constructor(private readonly directory: string) {}

  read(name: OrderName): Promise<EvaluationPosition | null> {
    return readJsonFile(evaluationPositionSchema, `${this.#base(name)}.json`, 'evaluation position');
  }

  async write(position: EvaluationPosition): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    await writeJsonFile(`${this.#base(position.order)}.json`, position);
  }

  /** Folder of the process that measures. */
  processDirectory(name: OrderName): string {
    return `${this.#base(name)}.process`;
  }

  async tidy(name: OrderName): Promise<void> {
    await rm(this.processDirectory(name), { recursive: true, force: true });
  }

  /** All positions, the newest first. */
  async list(): Promise<EvaluationPosition[]> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const found: EvaluationPosition[] = [];
    for (const name of await readdir(this.directory)) {
      if (!name.endsWith('.json') || name.startsWith('.')) continue;
      const file = path.join(this.directory, name);
      const position = await readJsonFile(evaluationPositionSchema, file, 'evaluation position');
      if (position !== null) found.push(position);
    }
    return found.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  }

  #base({ studyId, generation, candidateHash }: OrderName): string {
    return path.join(this.directory, `${studyId}-g${generation}-${candidateHash.slice(0, 16)}`);
  }
}
