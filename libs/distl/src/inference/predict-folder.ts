import { type Grey8, readFolder } from '@fedistl/imaging';
import { type Preprocessing } from './preprocessing';
import { type Scorer } from './scorer';

/** One file's answer: a probability, or why there is none. */
export interface FilePrediction {
  /** '/' separated, relative to the folder. */
  readonly file: string;
  /** Null where the file was refused. */
  readonly probability: number | null;
  /** Quarantine reason, such as `unreadable`; null where there is a probability. */
  readonly reason: string | null;
  /** The decoder's error code, where it was the decoder that refused. */
  readonly code: string | null;
}

export interface PredictOptions {
  readonly scorer: Scorer;
  readonly preprocessing: Preprocessing;
  /** Decoding threads. */
  readonly workers?: number | undefined;
  readonly onFile?: (() => void) | undefined;
}

/**
 * Scores the images of a folder, read as an import reads them, quarantine rules included. Answers come in the order of
 * `files`, as they are known; memory does not grow with the folder but for the names.
 *
 * @throws InferenceError `INFERENCE.NOT_FINITE`
 */
export async function* predictFolder(
  root: string,
  files: readonly string[],
  { scorer, preprocessing, workers, onFile }: PredictOptions,
): AsyncGenerator<FilePrediction, void, undefined> {
  // Files whose turn has not come: usable ones wait for their score, refused ones for those before them.
  const waiting: FilePrediction[] = [];
  async function* usable(): AsyncGenerator<Grey8, void, undefined> {
    for await (const { file, image, reason, code } of readFolder(root, files, {
      spec: preprocessing.pixels,
      workers,
    })) {
      waiting.push({ file, probability: null, reason, code });
      onFile?.();
      if (image !== null) yield image;
    }
  }
  for await (const probability of scorer.score(usable())) {
    yield* refusedFirst(waiting);
    const scored = waiting.shift();
    if (scored !== undefined) yield { ...scored, probability };
  }
  yield* refusedFirst(waiting);
}

function* refusedFirst(waiting: FilePrediction[]): Generator<FilePrediction, void, undefined> {
  for (let first = waiting[0]; first !== undefined && first.reason !== null; first = waiting[0]) {
    waiting.shift();
    yield first;
  }
}
