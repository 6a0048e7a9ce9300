import { type GreyImage, type RadiographFile } from '../../decode/decoded-file';
import { DecodePool } from '../../decode/pool/decode-pool';
import { fitGrey } from '../../radiograph/fit-grey';
import { type PixelSpec } from '../cache/pixel-spec';
import { RadiographReader } from './radiograph-reader';

/** Files handed out per thread: results are taken in order, and one slow file must not idle the other threads. */
const FILES_PER_THREAD = 4;

/** Reads files through the decode pool. */
class PooledReader extends RadiographReader {
  readonly #pool: DecodePool;

  constructor(workers: number | undefined) {
    super();
    this.#pool = new DecodePool(workers === undefined ? {} : { workers });
  }

  get concurrency(): number {
    return this.#pool.concurrency * FILES_PER_THREAD;
  }

  read(file: string, spec: PixelSpec): Promise<RadiographFile> {
    // A radiograph is one image: a file with frames is a loop or a stack, and its first frame is not what was reported on.
    return this.#pool.radiograph(file, { decode: { frames: 'refuse' }, radiograph: spec });
  }

  resize(image: GreyImage, spec: PixelSpec): GreyImage {
    // Grey levels of the right size and depth stay as they are; resampling would give the same at a cost.
    const { size, bits, mode } = spec;
    const fits = image.width === size && image.height === size && image.bits === bits && mode === 'clinical';
    return fits ? image : fitGrey(image, spec);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** A reader with `workers` threads; by default one a core, at most eight. */
export function openDecoder(workers?: number): RadiographReader {
  return new PooledReader(workers);
}
