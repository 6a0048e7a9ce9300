import { generatePhantom } from '../phantom/generate-phantom';
import { type ViewConfig, viewCounts, type ViewMode } from './view-config';
import { type BatchRequest, type PixelSource, ViewPipeline } from './view-pipeline';

export interface ViewBenchOptions {
  /** Word for the row. */
  readonly name: string;
  readonly config: ViewConfig;
  readonly source: PixelSource;
  readonly batchSize: number;
  readonly workers: number;
  /** Least time to measure, ms. */
  readonly milliseconds: number;
}

export interface ViewBenchRow {
  readonly name: string;
  readonly mode: ViewMode;
  readonly globalSize: number;
  readonly localSize: number;
  readonly viewsPerImage: number;
  readonly batchSize: number;
  readonly workers: number;
  readonly imagesPerSecond: number;
  readonly viewsPerSecond: number;
  /** Processor time of the whole process per image, which does not change when others use the machine. */
  readonly cpuMsPerImage: number;
}

/**
 * Synthetic radiographs in memory as a source of views.
 *
 * @param size edge, pixels
 */
export function phantomSource(count: number, size: number, seed: number | string = 1): PixelSource {
  const images = Array.from({ length: count }, (_, patient) => {
    const options = { seed, task: 'tuberculosis', positive: patient % 2 === 1, patient, visit: 0, site: 0 } as const;
    return Uint8Array.from(generatePhantom({ ...options, size }).pixels, (value) => Math.round(255 * value));
  });
  return {
    width: size,
    height: size,
    count,
    id: (index) => `phantom-${index}`,
    read: (index, out) => {
      out.set(images[index] ?? []);
    },
  };
}

/** How fast views are made when nothing waits for them: the most that a trainer could take. */
export async function benchViews(options: ViewBenchOptions): Promise<ViewBenchRow> {
  const { config, source, batchSize, workers, milliseconds } = options;
  const pipeline = new ViewPipeline({ source, config, seed: 1, batchSize, workers });
  try {
    // Starts the threads and lets the compiler settle.
    await run(pipeline, source, batchSize, milliseconds / 2);
    const before = process.cpuUsage();
    const start = performance.now();
    const images = await run(pipeline, source, batchSize, milliseconds);
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    const counts = viewCounts(config);
    const viewsPerImage = counts.globals + counts.locals;
    return {
      name: options.name,
      mode: config.mode,
      globalSize: config.global.size,
      localSize: config.local.size,
      viewsPerImage,
      batchSize,
      workers,
      imagesPerSecond: images / seconds,
      viewsPerSecond: (images * viewsPerImage) / seconds,
      cpuMsPerImage: (user + system) / 1000 / images,
    };
  } finally {
    await pipeline.close();
  }
}

async function run(
  pipeline: ViewPipeline,
  source: PixelSource,
  batchSize: number,
  milliseconds: number,
): Promise<number> {
  const end = performance.now() + milliseconds;
  let images = 0;
  for await (const batch of pipeline.batches(requestsUntil(end, source.count, batchSize))) {
    images += batch.indices.length;
  }
  return images;
}

function* requestsUntil(end: number, count: number, batchSize: number): Generator<BatchRequest, void, undefined> {
  for (let epoch = 0; epoch === 0 || performance.now() < end; epoch++) {
    yield { epoch, indices: Array.from({ length: batchSize }, (_, i) => (epoch * batchSize + i) % count) };
  }
}
