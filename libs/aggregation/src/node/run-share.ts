import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { type StreamingHash } from '@fedistl/crypto';
import { type Block } from '../aggregate/block-plan';
import { computeBlock, DistanceLanes, hasOutput } from '../aggregate/block-step';
import { normaliseRow, restoreRows } from '../aggregate/normalised-layer';
import { RowIntake } from '../aggregate/row-intake';
import { type BlockKernels, type RowBlock } from '../kernels/block-kernels';
import { SimdKernels } from '../simd/simd-kernels';
import { type PassShare, type PassTask, type TaskSite } from './pass-task';
import { slotCount } from './shared-plan';
import { StepBarrier } from './step-barrier';

/** One of this worker's sites: its open file and what has been made of it so far. */
interface OpenSite {
  readonly row: number;
  readonly descriptor: number;
  readonly intake: RowIntake;
}

/**
 * One worker's share of a pass. Sites are dealt to the workers for reading and hashing, coordinates of each block (or rows of
 * the distance matrix) for computing. A block is computed as soon as all workers have filled it; a worker that is ahead reads on, up to `slotCount`
 * blocks, so that none waits for another that the system has put aside for a moment.
 */
export function runShare(task: PassTask, self: number): PassShare {
  const barrier = new StepBarrier(task.memory.buffer, task.plan.control, task.workers, self);
  const opened: OpenSite[] = [];
  try {
    return new ShareRunner(task, self, barrier).run(opened);
  } catch (error) {
    barrier.abort();
    throw error;
  } finally {
    for (const { descriptor } of opened) closeSync(descriptor);
  }
}

class ShareRunner {
  readonly #kernels: BlockKernels;
  readonly #floats: Float32Array;
  readonly #distances: DistanceLanes;
  /** For encodings that are not read straight into the slot. */
  #bytes = new Uint8Array(0);

  constructor(
    private readonly task: PassTask,
    private readonly self: number,
    private readonly barrier: StepBarrier,
  ) {
    const { memory, plan, sites } = task;
    this.#floats = new Float32Array(memory.buffer);
    this.#kernels = new SimdKernels(memory, plan.scratch + self * plan.scratchBytes, sites.length);
    this.#distances = new DistanceLanes(sites.length);
  }

  run(opened: OpenSite[]): PassShare {
    const { sites, blocks } = this.task;
    for (const [row, site] of sites.entries()) if (this.#isMine(row)) opened.push(this.#open(site, row));
    for (let filled = 0, done = 0; done < blocks.length;) {
      const canFill = filled < blocks.length && filled < this.barrier.doneByAll() + slotCount;
      if (this.barrier.filledByAll() > done) {
        this.#compute(done, blockAt(blocks, done));
        this.barrier.announceDone();
        done++;
      } else if (canFill) {
        for (const site of opened) this.#fill(site, filled, blockAt(blocks, filled));
        this.barrier.announceFilled();
        filled++;
      } else if (filled > done) {
        this.barrier.waitFilled(done + 1);
      } else {
        this.barrier.waitDone(filled + 1 - slotCount);
      }
    }
    const rows = sites.map((_, row) => row).filter((row) => this.#isMine(row));
    return {
      readings: opened.map(({ row, intake }) => ({ row, reading: intake.finish() })),
      distances: rows.map((row) => ({ row, squared: this.#distances.row(row) })),
    };
  }

  /** Rows are dealt forth and back, so that the long and the short rows of the distance matrix are shared out evenly. */
  #isMine(row: number): boolean {
    const { workers } = this.task;
    const turn = Math.floor(row / workers);
    const place = row % workers;
    return this.self === (turn % 2 === 0 ? place : workers - 1 - place);
  }

  #open({ path, layout, scale }: TaskSite, row: number): OpenSite {
    const descriptor = openSync(path, 'r');
    const intake = new RowIntake({
      layout,
      scale,
      hash: this.task.isHashed ? createHash('sha256') : noHash,
      kernels: this.#kernels,
    });
    const leading = new Uint8Array(intake.leadingBytes);
    readExactly(descriptor, leading, 0);
    intake.skip(leading);
    return { row, descriptor, intake };
  }

  /** The rows of a block; slots are used in turn. */
  #slot(index: number, count: number): RowBlock {
    const { plan, sites } = this.task;
    const first = plan.slots / 4 + (index % slotCount) * sites.length * plan.rowStride;
    return { memory: this.#floats, first, stride: plan.rowStride, rows: sites.length, count };
  }

  #fill({ row, descriptor, intake }: OpenSite, index: number, block: Block): void {
    const { first, stride } = this.#slot(index, block.count);
    const target = this.#floats.subarray(first + row * stride, first + row * stride + block.count);
    const length = intake.bytesFor(block.count);
    const bytes = intake.isPlain ? new Uint8Array(target.buffer, target.byteOffset, length) : this.#buffer(length);
    readExactly(descriptor, bytes, intake.offset);
    intake.take(bytes, target);
    if (hasOutput(this.task.operation)) normaliseRow(this.task.normalisedLayer, block, target);
  }

  #compute(index: number, block: Block): void {
    const rows = this.#slot(index, block.count);
    if (this.task.operation.kind === 'distances') {
      for (let row = 0; row < rows.rows; row++) if (this.#isMine(row)) this.#distances.add(this.#kernels, rows, row);
    }
    if (!hasOutput(this.task.operation)) return;
    const [from, to] = this.#part(block);
    if (from === to) return;
    const out = this.task.plan.output / 4 + block.offset;
    const target = this.#floats.subarray(out + from, out + to);
    const part = { ...rows, first: rows.first + from, count: to - from };
    computeBlock(this.#kernels, this.task.operation, part, target);
    restoreRows(this.task.normalisedLayer, block, block.offset + from, target);
  }

  /** This worker's coordinates of a block: whole vectors, and whole rows of a normalised layer. */
  #part({ count, isNormalised }: Block): [number, number] {
    const grain = isNormalised ? (this.task.normalisedLayer?.width ?? 16) : 16;
    const grains = Math.ceil(count / grain);
    const bound = (worker: number): number =>
      Math.min(count, grain * Math.floor((grains * worker) / this.task.workers));
    return [bound(this.self), this.self + 1 === this.task.workers ? count : bound(this.self + 1)];
  }

  #buffer(length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length);
    return this.#bytes.subarray(0, length);
  }
}

/** Stands in where a pass is timed without its hashing; its empty digest fits no update. */
const noHash: StreamingHash = { update: () => noHash, digest: () => new Uint8Array(0) };

function blockAt(blocks: readonly Block[], index: number): Block {
  const block = blocks[index];
  if (block === undefined) throw new RangeError(`no block ${String(index)}`);
  return block;
}

/** Fills `bytes` from the file. A file that ends early changed after its length was checked. */
function readExactly(descriptor: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length;) {
    const got = readSync(descriptor, bytes, done, bytes.length - done, offset + done);
    if (got === 0) throw new Error(`the file ends ${String(bytes.length - done)} bytes before its announced length`);
    done += got;
  }
}
