import { testImage } from './test-image';
import { evaluationViews, MINI_VIEWS, PAPER_TEST_BLUR_RADIUS, type ViewConfig } from './view-config';
import { originalParameters } from './view-parameters';
import { type BatchRequest, type PixelSource, ViewPipeline } from './view-pipeline';
import { ViewRenderer } from './view-renderer';

const config: ViewConfig = {
  ...MINI_VIEWS,
  global: { ...MINI_VIEWS.global, size: 24, count: 1 },
  local: { ...MINI_VIEWS.local, size: 12, count: 3 },
};

const images = Array.from({ length: 9 }, (_, i) => testImage(i % 3, 64, 64).pixels.map((v) => (v + 11 * i) % 256));
const source: PixelSource = {
  width: 64,
  height: 64,
  count: images.length,
  id: (index) => `image-${index}`,
  read: (index, out) => {
    out.set(images[index]!);
  },
};

const requests: BatchRequest[] = [
  { epoch: 0, indices: [0, 1, 2, 3] },
  { epoch: 0, indices: [4, 5, 6, 7] },
  { epoch: 0, indices: [8] },
  { epoch: 1, indices: [3, 0, 8] },
];

async function collect(options: { workers: number; ahead?: number; seed?: string }, wanted = requests) {
  const { workers, ahead = 1, seed = 'a' } = options;
  const pipeline = new ViewPipeline({ source, config, seed, batchSize: 4, workers, ahead });
  const out: { globals: Float32Array; locals: Float32Array; indices: readonly number[]; epoch: number }[] = [];
  try {
    for await (const { globals, locals, indices, epoch } of pipeline.batches(wanted)) {
      out.push({ globals: globals.slice(), locals: locals.slice(), indices, epoch });
    }
  } finally {
    await pipeline.close();
  }
  return out;
}

describe('ViewPipeline', () => {
  it('gives the same pixels whatever the number of workers and buffers', async () => {
    const inline = await collect({ workers: 0, ahead: 0 });
    expect(inline.map((batch) => [batch.globals.length, batch.locals.length])).toEqual(
      [4, 4, 1, 3].map((n) => [n * 2 * 24 * 24, n * 3 * 12 * 12]),
    );
    for (const options of [{ workers: 1 }, { workers: 3, ahead: 2 }]) {
      const threaded = await collect(options);
      expect(threaded).toEqual(inline);
    }
  });

  it('ties the pixels to seed, image, epoch and view, and to nothing else', async () => {
    const [first, , , later] = await collect({ workers: 0 });
    const alone = await collect({ workers: 0 }, [{ epoch: 0, indices: [2] }]);
    const area = 12 * 12;
    // Image 2 sits at position 2 of 4 in the first batch; its local view v is row v * 4 + 2.
    for (const view of [0, 1, 2]) {
      const row = view * 4 + 2;
      expect(alone[0]!.locals.slice(view * area, (view + 1) * area)).toEqual(
        first!.locals.slice(row * area, (row + 1) * area),
      );
    }
    const [other] = await collect({ workers: 0, seed: 'b' }, [requests[0]!]);
    expect(other!.locals).not.toEqual(first!.locals);
    // Image 0 in epoch 0 and in epoch 1: the original is the same, the augmented views are not.
    const globalArea = 24 * 24;
    expect(later!.globals.slice(globalArea, 2 * globalArea)).toEqual(first!.globals.slice(0, globalArea));
    expect(later!.globals.slice(4 * globalArea, 5 * globalArea)).not.toEqual(
      first!.globals.slice(4 * globalArea, 5 * globalArea),
    );
  });

  it('gives the original alone for evaluation, blurred when parity wants it', async () => {
    const renderer = new ViewRenderer('fast');
    renderer.setImage({ width: 64, height: 64, pixels: images[4]! });
    for (const blur of [undefined, PAPER_TEST_BLUR_RADIUS]) {
      const views = evaluationViews(config, blur);
      const pipeline = new ViewPipeline({ source, config: views, seed: 1, batchSize: 4, workers: 0 });
      const { value } = await pipeline.batches([{ epoch: 0, indices: [4] }]).next();
      const expected = new Float32Array(24 * 24);
      renderer.renderFloats({ ...originalParameters(64, 64), blurRadius: blur ?? null }, 24, expected);
      expect(value!.globals).toEqual(expected);
      expect(value!.locals).toHaveLength(0);
      await pipeline.close();
    }
  });

  it('keeps a batch whole while the next is rendered', async () => {
    const pipeline = new ViewPipeline({ source, config, seed: 1, batchSize: 4, workers: 2 });
    for await (const batch of pipeline.batches(requests)) {
      const before = batch.globals.slice();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(batch.globals).toEqual(before);
    }
    await pipeline.close();
  });

  it('can be left early and used again', async () => {
    const pipeline = new ViewPipeline({ source, config, seed: 'a', batchSize: 4, workers: 1 });
    for await (const batch of pipeline.batches(requests)) {
      expect(batch.indices).toEqual([0, 1, 2, 3]);
      break;
    }
    const again = [];
    for await (const batch of pipeline.batches(requests)) again.push(batch.indices);
    expect(again).toEqual(requests.map((request) => request.indices));
    await pipeline.close();
    await expect(pipeline.batches(requests).next()).rejects.toMatchObject({ code: 'VIEWS.CLOSED' });
  });

  it('raises what the source raises, in its turn', async () => {
    const broken: PixelSource = {
      ...source,
      read: (index, out) => {
        if (index === 5) throw new Error('disk gone');
        out.set(images[index]!);
      },
    };
    const pipeline = new ViewPipeline({ source: broken, config, seed: 1, batchSize: 4, workers: 0 });
    const iterator = pipeline.batches(requests);
    expect((await iterator.next()).value).toMatchObject({ indices: [0, 1, 2, 3] });
    await expect(iterator.next()).rejects.toThrow('disk gone');
    await pipeline.close();
  });

  it('fails a batch that is under way when it is closed, instead of waiting for ever', async () => {
    const pipeline = new ViewPipeline({ source, config, seed: 1, batchSize: 4, workers: 1 });
    const first = expect(pipeline.batches(requests).next()).rejects.toMatchObject({ code: 'VIEWS.WORKER' });
    await new Promise((resolve) => setImmediate(resolve));
    await pipeline.close();
    await first;
  });

  it.each([
    ['an index beyond the source', { epoch: 0, indices: [9] }],
    ['an empty batch', { epoch: 0, indices: [] }],
    ['a batch that is too long', { epoch: 0, indices: [0, 1, 2, 3, 4] }],
    ['a negative epoch', { epoch: -1, indices: [0] }],
  ])('refuses %s', async (_name, request) => {
    await expect(collect({ workers: 0 }, [request])).rejects.toMatchObject({ code: 'VIEWS.SOURCE' });
  });

  it('refuses a second iteration at the same time', async () => {
    const pipeline = new ViewPipeline({ source, config, seed: 1, batchSize: 4, workers: 0 });
    const first = pipeline.batches(requests);
    await first.next();
    await expect(pipeline.batches(requests).next()).rejects.toMatchObject({ code: 'VIEWS.BUSY' });
    await first.return();
    await pipeline.close();
  });
});
