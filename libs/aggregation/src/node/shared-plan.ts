import { type Block, longestBlock } from '../aggregate/block-plan';
import { createSharedMemory, type SharedMemory } from '../simd/web-assembly';

/** Blocks that may be in flight: some are read while one is computed. */
export const slotCount = 4;
/** Floats between a row's end and the next row: keeps rows off each other's cache sets. */
const rowGap = 80;

/** Where everything lies in the one memory that the workers share. Addresses in bytes. */
export interface SharedPlan {
  /** Int32 counters: abort flag, then blocks filled by each worker, then blocks done by each worker. */
  readonly control: number;
  /** 8 * max(rows, 16) bytes for each worker's kernels. */
  readonly scratch: number;
  readonly scratchBytes: number;
  /** slotCount slots of `rows` rows. */
  readonly slots: number;
  /** Floats from one row of a slot to the next. */
  readonly rowStride: number;
  /** The aggregated update. */
  readonly output: number;
  readonly totalBytes: number;
}

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

export interface SharedPlanOptions {
  readonly workers: number;
  readonly rows: number;
  readonly parameters: number;
  readonly blocks: readonly Block[];
}

/** Lays out the shared memory. */
export function planSharedMemory({ workers, rows, parameters, blocks }: SharedPlanOptions): SharedPlan {
  const scratchBytes = align(8 * Math.max(rows, 16));
  const rowStride = align(4 * longestBlock(blocks)) / 4 + rowGap;
  const scratch = align(4 * (1 + 2 * workers));
  const slots = scratch + workers * scratchBytes;
  const output = align(slots + 4 * slotCount * rows * rowStride);
  return { control: 0, scratch, scratchBytes, slots, rowStride, output, totalBytes: output + align(4 * parameters) };
}

/** Memory for a plan. */
export function allocate(plan: SharedPlan): SharedMemory {
  return createSharedMemory(plan.totalBytes);
}

/** Bytes that the slots may take together, however many sites there are. */
const slotBudgetBytes = 16 * 2 ** 20;

/** Block length that keeps all slots within their budget: at most 64 Ki coordinates, at least 64. */
export function blockLengthFor(rows: number): number {
  const fitting = Math.floor(slotBudgetBytes / (4 * slotCount * Math.max(1, rows)));
  return Math.max(64, Math.min(65_536, 16 * Math.floor(fitting / 16)));
}
