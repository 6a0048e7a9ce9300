import { createSha256, type StreamingHash } from '@fedistl/crypto';
import { UpdateError } from '../aggregation.errors';
import { type RowBlock } from '../kernels/block-kernels';
import { scalarKernels } from '../kernels/scalar-kernels';
import { type UpdateBlobLayout } from '../update/update-blob';
import { type UpdateSource } from '../update/update-source';
import { type Block, longestBlock, planBlocks } from './block-plan';
import { computeBlock, DistanceLanes, fullMatrix, hasOutput } from './block-step';
import { normaliseRow, type NormalisedLayer, restoreRows } from './normalised-layer';
import { type Pass, type PassResult, type PassRunner } from './pass';
import { RowIntake } from './row-intake';

export interface StreamOptions {
  readonly parameters: number;
  readonly updates: readonly { readonly source: UpdateSource; readonly layout: UpdateBlobLayout }[];
  readonly normalisedLayer?: NormalisedLayer | null;
  /** Coordinates handled at once; the result does not depend on it. */
  readonly blockLength?: number;
  readonly createHash?: () => StreamingHash;
}

/** Passes in this thread over sources of any kind: for browsers, simulations, small models, and as the workers' yardstick. */
export class StreamPassRunner implements PassRunner {
  readonly #blocks: readonly Block[];
  readonly #layer: NormalisedLayer | null;

  constructor(private readonly options: StreamOptions) {
    const { parameters, blockLength = 65_536, normalisedLayer = null } = options;
    this.#layer = normalisedLayer;
    this.#blocks = planBlocks({ parameters, blockLength, region: normalisedLayer });
  }

  async run(pass: Pass): Promise<PassResult> {
    const rows = pass.sites.length;
    const stride = longestBlock(this.#blocks);
    const memory = new Float32Array(rows * stride);
    const output = hasOutput(pass.operation) ? new Float32Array(this.options.parameters) : null;
    const distances = new DistanceLanes(rows);
    const intakes = pass.sites.map(({ source, scale }) => this.#open(source, scale));
    for (const { intake, source } of intakes) intake.skip(await readExactly(source, 0, intake.leadingBytes));
    for (const block of this.#blocks) {
      for (const [r, { intake, source }] of intakes.entries()) {
        const row = memory.subarray(r * stride, r * stride + block.count);
        intake.take(await readExactly(source, intake.offset, intake.bytesFor(block.count)), row);
        if (output !== null) normaliseRow(this.#layer, block, row);
      }
      this.#compute(pass, block, { memory, first: 0, stride, rows, count: block.count }, output, distances);
    }
    return {
      readings: intakes.map(({ intake }) => intake.finish()),
      squaredDistances:
        pass.operation.kind === 'distances' ? fullMatrix(intakes.map((_, row) => distances.row(row))) : null,
      output,
    };
  }

  #compute(pass: Pass, block: Block, rows: RowBlock, output: Float32Array | null, distances: DistanceLanes): void {
    if (pass.operation.kind === 'distances') {
      for (let row = 0; row < rows.rows; row++) distances.add(scalarKernels, rows, row);
    }
    if (output === null) return;
    const out = output.subarray(block.offset, block.offset + block.count);
    computeBlock(scalarKernels, pass.operation, rows, out);
    restoreRows(this.#layer, block, block.offset, out);
  }

  #open(index: number, scale: number): { intake: RowIntake; source: UpdateSource } {
    const update = this.options.updates[index];
    if (update === undefined) throw new RangeError(`no update ${String(index)}`);
    const hash = (this.options.createHash ?? createSha256)();
    return {
      source: update.source,
      intake: new RowIntake({ layout: update.layout, scale, hash, kernels: scalarKernels }),
    };
  }
}

async function readExactly(source: UpdateSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = length === 0 ? new Uint8Array(0) : await source.read(offset, length);
  if (bytes.length === length) return bytes;
  throw new UpdateError(
    'UPDATE.LENGTH_MISMATCH',
    `expected ${length} bytes at ${offset} of the blob from ${source.siteId}, got ${bytes.length}`,
  );
}
