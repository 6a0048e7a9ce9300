import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { type BlobHash, parseBlobHash, safetensorsHead, type TensorForm } from '@fedistl/core';
import { openSafetensorsFile, type SafetensorsFile, toFileError, writeFileAtomic } from '@fedistl/core/node';
import { AggregationError } from '../aggregation.errors';

/** A file called by the SHA-256 of its bytes. */
export interface HashedFile<Hash extends string = BlobHash> {
  readonly hash: Hash;
  /** DIRECTORY/HASH.safetensors */
  readonly path: string;
  readonly byteLength: number;
}

/** Values handled at once: 4 MiB of each array that takes part. */
const pieceLength = 1 << 20;

/** A stretch of one tensor. */
export interface Piece {
  readonly name: string;
  readonly first: number;
  readonly count: number;
}

function* piecesOf({ name, shape }: TensorForm): Generator<Piece, void, undefined> {
  const length = shape.reduce((product, side) => product * side, 1);
  for (let first = 0; first < length; first += pieceLength) {
    yield { name, first, count: Math.min(pieceLength, length - first) };
  }
}

export interface ComputedFile {
  readonly directory: string;
  readonly tensors: Iterable<TensorForm>;
  readonly metadata: Readonly<Record<string, string>>;
  /** The values of a piece, float32. Asked for in the order of the file. */
  readonly values: (piece: Piece) => Promise<Float32Array>;
}

/**
 * Writes a file piece by piece, hashes it on the way and calls it by its hash. The same content has the same name: writing
 * it again after a crash changes nothing.
 *
 * @throws FileError
 */
export async function writeComputedFile({ directory, tensors, metadata, values }: ComputedFile): Promise<HashedFile> {
  const { head, order, byteLength } = safetensorsHead(tensors, metadata);
  const digest = createHash('sha256');
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    digest.update(head);
    yield head;
    for (const form of order) {
      for (const piece of piecesOf(form)) {
        const { buffer, byteOffset, byteLength: length } = await values(piece);
        const bytes = new Uint8Array(buffer, byteOffset, length);
        digest.update(bytes);
        yield bytes;
      }
    }
  }
  const unnamed = path.join(directory, `closing-${randomUUID()}.safetensors`);
  await mkdir(directory, { recursive: true }).catch((cause: unknown) => {
    throw toFileError(cause, 'write', directory);
  });
  await writeFileAtomic(unnamed, chunks());
  const hash = parseBlobHash(digest.digest('hex'));
  const named = path.join(directory, `${hash}.safetensors`);
  await renameDurably(unnamed, named);
  return { hash, path: named, byteLength };
}

async function renameDurably(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    if (process.platform === 'win32') return;
    const directory = await open(path.dirname(to), 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (cause) {
    throw toFileError(cause, 'write', to);
  }
}

/** A model on disk, of float32 tensors alone, read in pieces. Close it. */
export class ModelFile {
  private constructor(
    readonly path: string,
    private readonly file: SafetensorsFile,
  ) {}

  /** @throws AggregationError `AGGREGATION.BAD_MODEL` for tensors of another type; FileError, SafetensorsError */
  static async open(file: string): Promise<ModelFile> {
    const opened = await openSafetensorsFile(file);
    const other = [...opened.header.entries].find(([, { dtype }]) => dtype !== 'F32');
    if (other === undefined) return new ModelFile(file, opened);
    await opened.close();
    throw new AggregationError(
      'AGGREGATION.BAD_MODEL',
      `expected a model of F32 tensors, got ${other[0]} of ${other[1].dtype}`,
    );
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.file.metadata;
  }

  get tensors(): readonly TensorForm[] {
    return [...this.file.header.entries].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  }

  /** @throws SafetensorsError */
  async read({ name, first, count }: Piece): Promise<Float32Array> {
    return (await this.file.readRange(name, first, count)) as Float32Array;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
