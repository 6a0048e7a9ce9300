import { createRng } from '@fedistl/core';
import { createEngine, exportOnnx, tf } from '@fedistl/compute';
import { type VitConfig } from '../config/vit-config';
import { vitPreset } from '../config/presets';
import { initialiseParameters } from '../parameters/initialise';
import { vitParameters } from '../parameters/parameter-list';
import { VitError } from '../vit.errors';
import { backboneFeatures } from './backbone';
import { inferenceProgram, inferenceState } from './inference-program';
import { forwardClass, forwardMultiCrop, groupCrops } from './multi-crop';
import { drawKeepMask, dropPathRates, keepMaskShape } from './stochastic-depth';

const config: VitConfig = {
  ...vitPreset('mini', { dropPathRate: 0.5, prototypes: 32, findings: 3 }),
  imageSize: 16,
  patchSize: 4,
  embedDim: 12,
  depth: 3,
  dinoHead: { hiddenDim: 16, bottleneckDim: 8, outDim: 32 },
  classHead: { hiddenDim: 8, findings: 3 },
};
const values = initialiseParameters(config, createRng('multi-crop'));
const parameters = (): Map<string, tf.Tensor> =>
  new Map(vitParameters(config).map(({ name, shape }) => [name, tf.tensor(values.get(name)!, [...shape])]));
const images = (rows: number, side: number, height = side): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: rows * height * side }, (_, i) => Math.sin(i * 0.37)),
    [rows, 1, height, side],
  );
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof VitError) return error.code;
    throw error;
  }
  return 'none';
};

describe('multi-crop forward', () => {
  beforeAll(async () => {
    await createEngine({ engine: 'wasm' });
    await tf.setBackend('wasm');
  });
  beforeEach(() => {
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
  });

  it('groups consecutive equal sizes only', () => {
    const [a, b] = [
      [2, 1, 16, 16],
      [2, 1, 8, 8],
    ];
    expect(groupCrops([a, a, b, b, b, a])).toEqual([
      { first: 0, crops: 2, rows: 4 },
      { first: 2, crops: 3, rows: 6 },
      { first: 5, crops: 1, rows: 2 },
    ]);
    expect(groupCrops([])).toEqual([]);
  });

  it('returns crop by crop what single crops give, class logits of the first group only', () => {
    const network = parameters();
    const crops = [images(2, 16), images(2, 16).mul(0.5), images(2, 8)];
    const all = forwardMultiCrop(network, config, crops);
    expect([all.features.shape, all.dinoLogits.shape, all.classLogits.shape]).toEqual([
      [6, 12],
      [6, 32],
      [4, 3],
    ]);
    crops.forEach((crop, index) => {
      const alone = backboneFeatures(network, config, crop).dataSync();
      const together = all.features.slice([2 * index, 0], [2, 12]).dataSync();
      together.forEach((value, at) => {
        expect(value).toBeCloseTo(alone[at]!, 5);
      });
    });
    const classes = forwardClass(network, config, crops[1]!).dataSync();
    all.classLogits
      .slice([2, 0], [2, 3])
      .dataSync()
      .forEach((value, at) => {
        expect(value).toBeCloseTo(classes[at]!, 5);
      });
  });

  it('takes sizes that are not square', () => {
    expect(backboneFeatures(parameters(), config, images(1, 24, 8)).shape).toEqual([1, 12]);
  });

  it('drops branches by the mask, and scales survivors by the inverse of the keep probability', () => {
    const network = parameters();
    const run = (mask: tf.Tensor) => backboneFeatures(network, config, images(2, 16), { keepMask: mask }).arraySync();
    const kept = run(tf.ones([6, 2])) as number[][];
    const dropped = run(tf.tensor2d([1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1], [6, 2])) as number[][];
    // Image 1 keeps all; image 0 loses blocks 1 and 2, which leaves the first block alone.
    expect(dropped[1]).toEqual(kept[1]);
    expect(dropped[0]).not.toEqual(kept[0]);
    const shallow = { ...config, dropPathRate: 0, depth: 3 };
    const silent = new Map(network);
    for (const block of [1, 2]) {
      for (const name of ['attn.proj.weight', 'attn.proj.bias', 'mlp.fc2.weight', 'mlp.fc2.bias']) {
        const key = `backbone.blocks.${block}.${name}`;
        silent.set(key, tf.zerosLike(network.get(key)!));
      }
    }
    const expected = backboneFeatures(silent, shallow, images(2, 16)).arraySync() as number[][];
    expected[0]!.forEach((value, at) => {
      expect(dropped[0]![at]).toBeCloseTo(value, 5);
    });
    expect(kept[0]).not.toEqual((backboneFeatures(network, config, images(2, 16)).arraySync() as number[][])[0]);
  });

  it('recomputed blocks drop the same branches, forward and backward', () => {
    const network = parameters();
    const mask = tf.tensor(drawKeepMask(config, 4, createRng(5)), [6, 4]);
    const gradient = (rematerialise: boolean) =>
      tf.valueAndGrad((kernel) => {
        const moved = new Map([...network, ['backbone.blocks.1.attn.qkv.weight', kernel] as const]);
        const features = backboneFeatures(moved, config, images(4, 16), { keepMask: mask, rematerialise });
        return tf.mean(tf.mul(features, tf.range(0, 12))).asScalar();
      })(network.get('backbone.blocks.1.attn.qkv.weight')!);
    const [kept, recomputed] = [gradient(false), gradient(true)];
    expect(recomputed.value.dataSync()[0]).toBeCloseTo(kept.value.dataSync()[0]!, 6);
    expect(tf.max(tf.abs(kept.grad)).dataSync()[0]).toBeGreaterThan(1e-3);
    expect(tf.max(tf.abs(tf.sub(kept.grad, recomputed.grad))).dataSync()[0]).toBeLessThan(1e-6);
  });

  it('drop rates rise linearly from 0, and masks are drawn at them', () => {
    expect(dropPathRates(config)).toEqual([0, 0.25, 0.5]);
    expect(dropPathRates({ ...config, depth: 1 })).toEqual([0]);
    const rows = 4000;
    const mask = drawKeepMask(config, rows, createRng(3));
    expect(mask).toHaveLength(keepMaskShape(config, rows).reduce((a, b) => a * b));
    const share = (branch: number) => mask.slice(branch * rows, (branch + 1) * rows).reduce((a, b) => a + b) / rows;
    [1, 1, 0.75, 0.75, 0.5, 0.5].forEach((rate, branch) => {
      expect(Math.abs(share(branch) - rate)).toBeLessThan(0.03);
    });
    expect(drawKeepMask(config, rows, createRng(3))).toEqual(mask);
  });

  it.each([
    ['VIT.CROPS_EMPTY', () => forwardMultiCrop(parameters(), config, [])],
    ['VIT.MASK_COUNT', () => forwardMultiCrop(parameters(), config, [images(1, 16)], { keepMasks: [] })],
    ['VIT.MASK_SHAPE', () => forwardMultiCrop(parameters(), config, [images(1, 16)], { keepMasks: [tf.ones([6, 2])] })],
    ['VIT.INPUT_SIZE', () => backboneFeatures(parameters(), config, images(1, 18))],
    ['VIT.INPUT_SHAPE', () => backboneFeatures(parameters(), config, tf.ones([1, 3, 16, 16]))],
    ['VIT.INPUT_SHAPE', () => backboneFeatures(parameters(), config, tf.ones([1, 16, 16]))],
    ['VIT.PARAMETER_MISSING', () => backboneFeatures(new Map(), config, images(1, 16))],
  ])('%s', (code, run) => {
    expect(codeOf(run)).toBe(code);
  });

  it('leaves no tensor behind', () => {
    const network = parameters();
    const crops = [images(2, 16), images(2, 8)];
    const loss = () => tf.mean(tf.square(forwardMultiCrop(network, config, crops).dinoLogits)).asScalar();
    const step = () => {
      tf.tidy(() => {
        tf.grad((kernel) => {
          const moved = new Map([...network, ['backbone.cls_token', kernel] as const]);
          return tf.mean(tf.square(forwardMultiCrop(moved, config, crops, { rematerialise: true }).dinoLogits));
        })(network.get('backbone.cls_token')!);
        return loss();
      }).dispose();
    };
    step();
    const before = tf.memory().numTensors;
    for (let count = 0; count < 5; count += 1) step();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('inference program', () => {
  it('exports as ONNX with the weights of backbone and class head only', () => {
    const state = new Map(inferenceState(config).map(({ name }) => [name, values.get(name)!]));
    const bytes = exportOnnx(inferenceProgram(config, { batch: 1 }), inferenceState(config), state);
    const size = [...state.values()].reduce((sum, { length }) => sum + 4 * length, 0);
    expect(bytes.length).toBeGreaterThan(size);
    expect(bytes.length).toBeLessThan(size + 64 * 1024);
    expect([...state.keys()].some((name) => name.startsWith('head.'))).toBe(false);
  });
});
