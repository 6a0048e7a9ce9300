import { type Block, planBlocks } from '../aggregate/block-plan';
import { fullMatrix, hasOutput } from '../aggregate/block-step';
import { type NormalisedLayer } from '../aggregate/normalised-layer';
import { type Pass, type PassResult, type PassRunner } from '../aggregate/pass';
import { type SharedMemory } from '../simd/web-assembly';
import { type UpdateBlobLayout } from '../update/update-blob';
import { type PassShare, type PassTask } from './pass-task';
import { type PassWorkerPool } from './pass-worker-pool';
import { allocate, blockLengthFor, planSharedMemory, type SharedPlan } from './shared-plan';

export interface UpdateFile {
  readonly path: string;
  readonly layout: UpdateBlobLayout;
}

export interface FilePassOptions {
  readonly parameters: number;
  /** Ascending by site. */
  readonly files: readonly UpdateFile[];
  readonly normalisedLayer?: NormalisedLayer | null;
  /** The threads; the result does not depend on their number. */
  readonly pool: PassWorkerPool;
  /** Coordinates handled at once; by default as many as fit a fixed budget, so that memory does not grow with the sites. */
  readonly blockLength?: number;
  /** False leaves the hashing out, to time the arithmetic alone: no reading then fits its update, so nothing is accepted. */
  readonly isHashed?: boolean;
}

/**
 * Passes over files in worker threads. Memory: the aggregated update and 16 MiB of blocks, for ten sites as for a hundred;
 * the updates themselves are never whole in memory.
 */
export class FilePassRunner implements PassRunner {
  readonly #blocks: readonly Block[];
  readonly #layer: NormalisedLayer | null;
  readonly #plan: SharedPlan;
  readonly #memory: SharedMemory;

  constructor(private readonly options: FilePassOptions) {
    const { parameters, files, pool } = options;
    this.#layer = shareBase(options.normalisedLayer ?? null);
    const blockLength = options.blockLength ?? blockLengthFor(files.length);
    this.#blocks = planBlocks({ parameters, blockLength, region: this.#layer });
    this.#plan = planSharedMemory({ workers: pool.size, rows: files.length, parameters, blocks: this.#blocks });
    this.#memory = allocate(this.#plan);
  }

  /** @throws AggregationError as `PassWorkerPool.run` */
  async run(pass: Pass): Promise<PassResult> {
    const { pool } = this.options;
    new Int32Array(this.#memory.buffer, this.#plan.control, 1 + 2 * pool.size).fill(0);
    return this.#result(pass, await pool.run(this.#task(pass)));
  }

  #task({ sites, operation }: Pass): PassTask {
    return {
      memory: this.#memory,
      plan: this.#plan,
      workers: this.options.pool.size,
      blocks: this.#blocks,
      operation,
      isHashed: this.options.isHashed ?? true,
      normalisedLayer: this.#layer,
      sites: sites.map(({ source, scale }) => {
        const file = this.options.files[source];
        if (file === undefined) throw new RangeError(`no file ${String(source)}`);
        return { ...file, scale };
      }),
    };
  }

  #result({ sites, operation }: Pass, shares: readonly PassShare[]): PassResult {
    const readings = new Map(shares.flatMap((share) => share.readings.map(({ row, reading }) => [row, reading])));
    const distances = new Map(shares.flatMap((share) => share.distances.map(({ row, squared }) => [row, squared])));
    return {
      readings: sites.map((_, row) => readings.get(row) ?? { digest: new Uint8Array(0), squaredNorm: Number.NaN }),
      squaredDistances:
        operation.kind === 'distances'
          ? fullMatrix(sites.map((_, row) => distances.get(row) ?? new Float64Array(0)))
          : null,
      output: hasOutput(operation)
        ? new Float32Array(this.#memory.buffer, this.#plan.output, this.options.parameters)
        : null,
    };
  }
}

/** The layer with its base in shared memory, so that the threads do not each hold a copy. */
function shareBase(layer: NormalisedLayer | null): NormalisedLayer | null {
  if (layer === null || layer.base.buffer instanceof SharedArrayBuffer) return layer;
  const base = new Float32Array(new SharedArrayBuffer(layer.base.byteLength));
  base.set(layer.base);
  return { ...layer, base };
}
