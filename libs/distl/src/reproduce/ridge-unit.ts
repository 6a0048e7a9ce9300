import { type DataSetItem, originalParameters, ViewRenderer } from '@fedistl/imaging';
import { labelsOf } from './pool-data';
import { type ImagePool } from './image-pool';
import { type PaperSplit } from './paper-split';
import { type ReproduceContext } from './reproduce-context';
import { fitRidge, predictRidge } from './ridge';

/** Side of the images that ridge regression sees, pixels. */
const SIDE = 48;

export function ridgeName(seed: number): string {
  return `seed-${seed}/ridge`;
}

/** Ridge regression on 48 x 48 pixels: what needs no network at all. Its strength is chosen by leaving one out. */
export async function runRidge(context: ReproduceContext, seed: number, split: PaperSplit): Promise<void> {
  const { pool, set, unseen, store } = context;
  const started = performance.now();
  const model = fitRidge(await smallPixels(pool, split.labelled), Float64Array.from(labelsOf(split.labelled)));
  const score = async (items: readonly DataSetItem[]): Promise<number[]> => [
    ...predictRidge(model, await smallPixels(pool, items)),
  ];
  await store.save(ridgeName(seed), {
    identity: context.baselineIdentity,
    test: await score(set.test),
    unseen: await score(unseen),
    validation: null,
    choice: `alpha ${model.alpha.toPrecision(3)}`,
    epochs: null,
    images: split.labelled.length,
    seconds: (performance.now() - started) / 1e3,
  });
}

/** Pillow's bicubic resize, level / 255. @returns [n, 48 * 48] */
async function smallPixels(pool: ImagePool, items: readonly DataSetItem[]): Promise<Float64Array> {
  const source = pool.source(items);
  const { width, height } = source;
  const pixels = new Uint8Array(width * height);
  const renderer = new ViewRenderer('parity');
  const small = new Float32Array(SIDE * SIDE);
  const all = new Float64Array(items.length * SIDE * SIDE);
  for (let index = 0; index < items.length; index++) {
    await source.read(index, pixels);
    renderer.setImage({ width, height, pixels });
    renderer.renderFloats(originalParameters(width, height), SIDE, small);
    all.set(small, index * SIDE * SIDE);
  }
  return all;
}
