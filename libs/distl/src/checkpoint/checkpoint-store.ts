import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type TensorSpec } from '@fedistl/compute';
import { canonicalJson, DomainError, float32Tensor, toFloat32 } from '@fedistl/core';
import { readSafetensorsFile, toFileError, writeSafetensorsFile } from '@fedistl/core/node';
import { DistlError } from '../distl.errors';
import { positionSchema, type RunPosition } from './run-position';

/** A run at a position: all tensors of its state by state name. */
export interface Snapshot {
  readonly position: RunPosition;
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

export interface FoundCheckpoint extends Snapshot {
  readonly file: string;
}

/** The newest checkpoints stay: one to go on from, one in case that it is damaged. */
const KEPT = 2;
const FILE = /^checkpoint-\d{3}-\d{9}\.safetensors$/;

/**
 * Checkpoints of one run in a directory: one safetensors file each, written atomically, with the position, the hash of the
 * run's configuration and a SHA-256 over everything in its header.
 */
export class CheckpointStore {
  constructor(
    readonly directory: string,
    /** What the run is: a checkpoint of another run is refused. */
    private readonly runHash: string,
    private readonly specs: readonly TensorSpec[],
  ) {}

  /** Writes a checkpoint and removes all but the newest ones. @throws FileError. @returns the file's path */
  async save(snapshot: Snapshot): Promise<string> {
    await mkdir(this.directory, { recursive: true }).catch((cause: unknown) => {
      throw toFileError(cause, 'write', this.directory);
    });
    const { stage, step } = snapshot.position;
    // Counted from 0, the self-supervised stage, so that names sort by age.
    const name = `checkpoint-${String(stage + 1).padStart(3, '0')}-${String(step).padStart(9, '0')}.safetensors`;
    const file = path.join(this.directory, name);
    const position = canonicalJson(snapshot.position);
    await writeSafetensorsFile(
      file,
      this.specs.map(({ name: tensor, shape }) =>
        float32Tensor(tensor, shape, snapshot.tensors.get(tensor) ?? new Float32Array()),
      ),
      { position, run: this.runHash, hash: this.hashOf(position, snapshot.tensors) },
    );
    for (const old of (await this.files()).slice(KEPT)) await rm(path.join(this.directory, old), { force: true });
    return file;
  }

  /**
   * The newest whole checkpoint; undefined when there are no checkpoints at all.
   *
   * @param onDamaged told of each newer one that is not whole
   * @throws DistlError `DISTL.CHECKPOINT_OTHER_RUN`; `DISTL.CHECKPOINT_MISSING` when there are some, but none is whole
   */
  async newest(onDamaged: (file: string, reason: string) => void): Promise<FoundCheckpoint | undefined> {
    const names = await this.files();
    for (const name of names) {
      const file = path.join(this.directory, name);
      try {
        return { file, ...(await this.read(file)) };
      } catch (error) {
        const damaged = error instanceof DomainError && error.code !== 'DISTL.CHECKPOINT_OTHER_RUN';
        if (!damaged) throw error;
        onDamaged(file, error.message);
      }
    }
    if (names.length === 0) return undefined;
    throw new DistlError('DISTL.CHECKPOINT_MISSING', `none of the ${names.length} files in ${this.directory} is whole`);
  }

  private async read(file: string): Promise<Snapshot> {
    const { tensors: stored, metadata } = await readSafetensorsFile(file);
    const tensors = new Map([...stored].map(([name, tensor]) => [name, toFloat32(tensor)]));
    const text = metadata['position'] ?? '';
    if (metadata['hash'] !== this.hashOf(text, tensors, metadata['run'])) {
      throw new DistlError('DISTL.CHECKPOINT_MISSING', `${file}: the content does not have the hash in its header`);
    }
    if (metadata['run'] !== this.runHash) {
      throw new DistlError(
        'DISTL.CHECKPOINT_OTHER_RUN',
        `${file} is of a run with other data or settings: resume with the same ones, or choose another directory`,
      );
    }
    return { position: positionSchema.parse(JSON.parse(text)), tensors };
  }

  private hashOf(position: string, tensors: ReadonlyMap<string, Float32Array>, run = this.runHash): string {
    return snapshotHash(`${run}\n${position}`, tensors);
  }

  /** Names, newest first. */
  private async files(): Promise<string[]> {
    const names = await readdir(this.directory).catch((cause: unknown) => {
      const error = toFileError(cause, 'read', this.directory);
      if (error instanceof DomainError && error.code === 'FILE.NOT_FOUND') return [];
      throw error;
    });
    return names
      .filter((name) => FILE.test(name))
      .sort()
      .reverse();
  }
}

/** SHA-256 over a text and all tensors in the order of their names. */
export function snapshotHash(text: string, tensors: ReadonlyMap<string, Float32Array>): string {
  const hash = createHash('sha256').update(text);
  for (const name of [...tensors.keys()].sort()) {
    const { buffer, byteOffset, byteLength } = tensors.get(name) ?? new Float32Array();
    hash.update(`\n${name} ${byteLength}\n`).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
