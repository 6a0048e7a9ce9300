import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { toFileError } from '@fedistl/core/node';
import { importModel, type ImportOptions, type VitWeights, withWeightFile } from '@fedistl/vit';
import { InferenceError } from './inference.errors';
import { type Preprocessing, recordedPreprocessing } from './preprocessing';

/** A model ready to be run, and where it comes from; nothing in it names a file. */
export interface OpenModel {
  readonly weights: VitWeights;
  /** SHA-256 of the file's bytes, as sha256sum prints it. */
  readonly sha256: string;
  /** What it is called in reports: the training's own words, else the start of its hash. */
  readonly name: string;
  /** Generation and network, where the trainer noted them. */
  readonly generation: number | null;
  readonly role: string | null;
  readonly parameters: number;
  /** What the file records; undefined for files of other origin. */
  readonly preprocessing: Preprocessing | undefined;
}

/**
 * Reads a model from any checkpoint that `fedistl model import` takes.
 *
 * @throws as `importModel`; InferenceError `INFERENCE.NO_CLASS_HEAD` for a bare backbone, whose answers would be random
 */
export async function openModel(file: string, options: ImportOptions = {}): Promise<OpenModel> {
  const { model, report } = await importModel(file, options);
  if (report.initialised.some((name) => name.startsWith('cls_head.'))) {
    throw new InferenceError(
      'INFERENCE.NO_CLASS_HEAD',
      'the checkpoint has no class head: expected a model that was trained to tell the finding',
    );
  }
  const metadata = await withWeightFile(file, { inertNames: options.inertNames }, ({ metadata: texts }) =>
    Promise.resolve(texts),
  );
  const sha256 = await hashOf(file);
  const generation = /^\d{1,4}$/.test(metadata['generation'] ?? '') ? Number(metadata['generation']) : null;
  const role = ['student', 'teacher'].find((known) => known === (metadata['role'] ?? report.network)) ?? null;
  return {
    weights: model,
    sha256,
    name: nameOf(generation, role, sha256),
    generation,
    role,
    parameters: report.values,
    preprocessing: recordedPreprocessing(metadata),
  };
}

function nameOf(generation: number | null, role: string | null, sha256: string): string {
  if (generation === null) return `model ${sha256.slice(0, 8)}`;
  return `${generation === 0 ? 'T = initial' : `T = ${generation}`}${role === null ? '' : `, ${role}`}`;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (cause) {
    throw toFileError(cause, 'read', file);
  }
  return hash.digest('hex');
}
