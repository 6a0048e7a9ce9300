import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type StudyId } from '@fedistl/core';
import { readJsonFile, writeJsonFile } from '../files/json-file';
import { type RoundPosition, roundPositionSchema } from './round-position';

export interface RoundName {
  readonly studyId: StudyId;
  readonly generation: number;
  readonly round: number;
}

/** Files of one round. */
export interface RoundFiles {
  readonly directory: string;
  readonly position: string;
  /** The trainer's own: checkpoints, update, result. */
  readonly training: string;
  /** Job and output of the training process. */
  readonly process: string;
  readonly upload: string;
}

/** The positions of all rounds, each in a folder of its own. */
export class RoundStore {
  constructor(private readonly directory: string) {}

  files({ studyId, generation, round }: RoundName): RoundFiles {
    const directory = path.join(this.directory, studyId, `g${generation}-r${round}`);
    return {
      directory,
      position: path.join(directory, 'position.json'),
      training: path.join(directory, 'training'),
      process: path.join(directory, 'process'),
      upload: path.join(directory, 'upload.json'),
    };
  }

  read(name: RoundName): Promise<RoundPosition | null> {
    return readJsonFile(roundPositionSchema, this.files(name).position, 'round position');
  }

  /** As `read`, without an update whose file is gone: it has to be trained again. */
  async readWithUpdate(name: RoundName): Promise<RoundPosition | null> {
    const position = await this.read(name);
    if (!position?.update) return position;
    const names = await namesIn(this.files(name).training);
    return names.includes(position.update.file) ? position : { ...position, update: null };
  }

  async write(position: RoundPosition): Promise<void> {
    const { directory, position: file } = this.files(position.manifest);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeJsonFile(file, position);
  }

  /** Removes what was trained: for another base, or when the round is over for good. The position stays, as a record. */
  async discardTraining(name: RoundName): Promise<void> {
    const { training, process, upload } = this.files(name);
    for (const file of [training, process, upload]) await rm(file, { recursive: true, force: true });
  }

  /** Keeps what rounding lost in a round whose update was taken. May be repeated. */
  async keepResidual({ manifest, update }: RoundPosition): Promise<void> {
    const residual = update?.residual ?? null;
    if (residual === null) return;
    try {
      await rename(path.join(this.files(manifest).training, residual), this.#residual(manifest));
    } catch (error) {
      if (!isMissing(error)) throw error; // Moved before a crash.
    }
  }

  /** What rounding lost in the last round before this one of the same generation; null where nothing was kept. */
  async residualBefore(name: RoundName): Promise<string | null> {
    const present = new Set(await namesIn(path.join(this.directory, name.studyId)));
    for (let round = name.round - 1; round >= 1; round--) {
      const file = this.#residual({ ...name, round });
      if (present.has(path.basename(file))) return file;
    }
    return null;
  }

  /** All positions, the newest first. */
  async list(): Promise<RoundPosition[]> {
    const found: RoundPosition[] = [];
    for (const study of await namesIn(this.directory)) {
      for (const round of await namesIn(path.join(this.directory, study))) {
        if (!/^g\d+-r\d+$/.test(round)) continue;
        const file = path.join(this.directory, study, round, 'position.json');
        const position = await readJsonFile(roundPositionSchema, file, 'round position');
        if (position !== null) found.push(position);
      }
    }
    return found.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  }

  #residual({ studyId, generation, round }: RoundName): string {
    return path.join(this.directory, studyId, `residual-g${generation}-r${round}.safetensors`);
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
