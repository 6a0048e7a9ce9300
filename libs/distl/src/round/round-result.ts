import { access } from 'node:fs/promises';
import path from 'node:path';
import { type BlobHash, parseBlobHash, parseJson } from '@fedistl/core';
import { readTextFile, writeFileAtomic } from '@fedistl/core/node';
import { type UpdateCounts, type UpdateManifest } from '@fedistl/protocol';
import { z } from 'zod';
import { fileHash } from './file-hash';

/** A round that a site has done: the blob to upload, and what its signed manifest says of it. */
export interface TrainedRound {
  /** The update's blob. */
  readonly path: string;
  readonly layoutHash: BlobHash;
  readonly payload: UpdateManifest['payload'];
  readonly counts: UpdateCounts;
  /** Means over the round, by name. */
  readonly statistics: UpdateManifest['statistics'];
  /** File to be given to the site's next round; null for an encoding without error feedback. It stays at the site. */
  readonly residual: string | null;
}

const hashSchema = z.string().transform((text) => parseBlobHash(text));
const count = z.int().min(0);

/** The result as kept beside the blob; encodings are those of the plan, which is part of the file's name. */
const storedSchema = z.strictObject({
  layoutHash: hashSchema,
  payload: z.strictObject({ blobHash: hashSchema, byteLength: count, parameters: count, centreLength: count }),
  counts: z.strictObject({ steps: count, imagesSeen: count, acceptedPseudoLabels: count, labelledImages: count }),
  statistics: z.record(z.string(), z.number()),
  hasResidual: z.boolean(),
});

/** Files of one round in its directory. `run` names the round, its start and its images: another run has other files. */
export function roundFiles(
  directory: string,
  run: string,
): Record<'blob' | 'residual' | 'result' | 'checkpoints', string> {
  const name = (suffix: string): string => path.join(directory, `${run.slice(0, 16)}-${suffix}`);
  return {
    blob: name('update.safetensors'),
    residual: name('residual.safetensors'),
    result: name('result.json'),
    checkpoints: name('checkpoints'),
  };
}

/** Writes what is known of a blob that is there. @throws FileError */
export async function writeResult(
  file: string,
  { layoutHash, payload, counts, statistics, residual }: TrainedRound,
): Promise<void> {
  const { blobHash, byteLength, parameters, centreLength } = payload;
  const stored = { blobHash, byteLength, parameters, centreLength };
  const value = { layoutHash, payload: stored, counts, statistics, hasResidual: residual !== null };
  await writeFileAtomic(file, [new TextEncoder().encode(JSON.stringify(value))]);
}

/** The round as it was done before; undefined when it was not, or when its blob is no longer what it was. @throws FileError */
export async function readResult(
  files: ReturnType<typeof roundFiles>,
  encoding: UpdateManifest['payload']['encoding'],
): Promise<TrainedRound | undefined> {
  if (!(await isThere(files.result)) || !(await isThere(files.blob))) return undefined;
  const stored = storedSchema.parse(parseJson(await readTextFile(files.result)));
  const { hasResidual, payload, ...rest } = stored;
  if ((await fileHash(files.blob)) !== payload.blobHash) return undefined;
  if (hasResidual && !(await isThere(files.residual))) return undefined;
  return {
    ...rest,
    path: files.blob,
    payload: { ...payload, encoding },
    residual: hasResidual ? files.residual : null,
  };
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
