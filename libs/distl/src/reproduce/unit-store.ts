import { access, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { toFileError, writeFileAtomic } from '@fedistl/core/node';
import { z } from 'zod';
import { ReproduceError } from './reproduce.errors';

const scores = z.array(z.number());

const unitSchema = z.strictObject({
  format: z.literal('fedistl.reproduce-unit/1'),
  /** Hash of everything that the scores depend on. */
  identity: z.string(),
  /** Of the test images, in the order of the data set. */
  test: scores,
  /** Of the images of the unseen class; empty when there is none. */
  unseen: scores,
  /** AUC and cross-entropy on the validation images. */
  validation: z.strictObject({ auc: z.number(), loss: z.number() }).readonly().nullable(),
  /** What was chosen on the validation images, such as the length of a training. */
  choice: z.string().nullable(),
  /** Whether longer supervised training had stopped helping; null where length was not chosen. */
  converged: z.boolean().nullable().default(null),
  /** Length of a supervised training; null where it was not chosen. */
  epochs: z.int().nullable(),
  /** Images that were trained on. */
  images: z.int(),
  /** Time that it took, without what interruptions lost. */
  seconds: z.number(),
});

/** Result of one finished unit: one method with one seed. */
export type UnitResult = Readonly<z.infer<typeof unitSchema>>;

/** What a unit says of itself. */
export type NewUnit = Omit<UnitResult, 'format' | 'converged'> & Partial<Pick<UnitResult, 'converged'>>;

/** Finished units and the working directories of unfinished ones, in the state directory of a reproduction. */
export class UnitStore {
  constructor(readonly directory: string) {}

  /**
   * Makes the directory, or checks that it is of the same run.
   *
   * @throws ReproduceError `REPRODUCE.OTHER_RUN`; FileError
   */
  async open(identity: string): Promise<void> {
    const file = path.join(this.directory, 'run.json');
    const text = await readOrUndefined(file);
    const content = `${JSON.stringify({ format: 'fedistl.reproduce-run/1', identity })}\n`;
    if (text === undefined) await this.#write(file, content);
    else if (text !== content) {
      throw new ReproduceError(
        'REPRODUCE.OTHER_RUN',
        `${this.directory} is of a run with other data or settings: use the same ones, or choose another directory`,
      );
    }
  }

  /** @throws ReproduceError `REPRODUCE.STATE_DAMAGED`, `REPRODUCE.OTHER_RUN` */
  async find(name: string, identity: string): Promise<UnitResult | undefined> {
    const file = this.#file(name);
    const text = await readOrUndefined(file);
    if (text === undefined) return undefined;
    const parsed = unitSchema.safeParse(parseOrNull(text));
    if (!parsed.success) {
      throw new ReproduceError('REPRODUCE.STATE_DAMAGED', `${file} cannot be read: remove it, it is computed again`);
    }
    if (parsed.data.identity === identity) return parsed.data;
    throw new ReproduceError('REPRODUCE.OTHER_RUN', `${file} is of a run with other data or settings`);
  }

  /** @throws FileError */
  async save(name: string, unit: NewUnit): Promise<void> {
    await this.#write(this.#file(name), `${JSON.stringify({ ...unit, format: 'fedistl.reproduce-unit/1' })}\n`);
  }

  /** Directory for what an unfinished unit needs; not made yet. */
  workplace(name: string): string {
    return path.join(this.directory, 'unfinished', name);
  }

  /** Removes what is not needed once a unit is finished. */
  async clear(name: string): Promise<void> {
    await rm(this.workplace(name), { recursive: true, force: true });
  }

  #file(name: string): string {
    return path.join(this.directory, 'units', `${name}.json`);
  }

  async #write(file: string, content: string): Promise<void> {
    const directory = path.dirname(file);
    await mkdir(directory, { recursive: true }).catch((cause: unknown) => {
      throw toFileError(cause, 'write', directory);
    });
    await writeFileAtomic(file, [Buffer.from(content)]);
  }
}

async function readOrUndefined(file: string): Promise<string | undefined> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) return undefined;
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    throw toFileError(cause, 'read', file);
  });
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
