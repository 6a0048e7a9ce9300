import { createEngine } from '@fedistl/compute';
import { createRng } from '@fedistl/core';
import { initialiseParameters, parseVitConfig, vitParameters } from '@fedistl/vit';
import { ADAMW_DEFAULTS, adamwScalars } from '../optimiser/adamw';
import { distlStep } from './distl-step';
import { stateName, trainingState } from './state-names';
import { STEP_DEFAULTS, type StepConfig } from './step-config';
import { INPUT } from './step-inputs';

const model = parseVitConfig({
  imageSize: 16,
  patchSize: 8,
  inChannels: 1,
  embedDim: 16,
  depth: 1,
  numHeads: 2,
  mlpRatio: 2,
  layerNormEps: 1e-6,
  dropPathRate: 0,
  dinoHead: { hiddenDim: 16, bottleneckDim: 8, outDim: 24 },
  classHead: { hiddenDim: 8, findings: 1 },
});
const batch = 4;
const plain: StepConfig = { ...STEP_DEFAULTS, model, batch, globalSize: 16, localSize: 8, localViews: 1 };
const rng = createRng(11);
/** Noise below, a step up above, at another height in each image: images that a network can tell apart. */
const images = (rows: number, side: number): Float32Array => {
  const noise = rng.stream(`${side}`).fillUniform(new Float32Array(rows * side * side));
  return noise.map((value, i) => {
    const image = Math.floor(i / side ** 2);
    const height = Math.floor((i % side ** 2) / side) / side;
    return 0.2 * value + (height * 4 > (image % 4) + 0.5 ? 3 : 0);
  });
};

/** One step from the same start. */
async function step(confidence: readonly [number, number] | undefined) {
  const engine = await createEngine({ engine: 'onnxruntime', threads: 1 });
  const state = await engine.createState(trainingState(vitParameters(model), model.dinoHead.outDim));
  for (const [name, data] of initialiseParameters(model, createRng(5))) {
    // All matrices are enlarged, so that the pseudo-labels differ from image to image.
    const factor = name.startsWith('cls_head') ? 4 : name.endsWith('.weight') && !name.includes('norm') ? 10 : 1;
    const values = data.map((value) => factor * value);
    await state.write(
      new Map([
        [stateName.student(name), values],
        [stateName.teacher(name), values],
      ]),
    );
  }
  const config = confidence === undefined ? plain : { ...plain, confidenceFilter: true };
  const program = await engine.compile(distlStep(config, false), state);
  const scalars = adamwScalars(ADAMW_DEFAULTS, 1e-2, 0, 1);
  const outputs = await program.run({
    [INPUT.globalViews]: images(2 * batch, 16),
    [INPUT.localViews]: images(batch, 8),
    [INPUT.lossWeights]: Float32Array.of(0, 1, 0),
    [INPUT.optimiser]: scalars,
    [INPUT.lastLayerOptimiser]: scalars,
    [INPUT.teacherMomentum]: Float32Array.of(1, 0),
    ...(confidence === undefined ? {} : { [INPUT.confidence]: Float32Array.of(...confidence) }),
  });
  const name = stateName.student('cls_head.mlp.4.weight');
  const head = (await state.read([name])).get(name)!;
  const value = (output: string): number => outputs.get(output)!.data[0]!;
  const result = { outputs, head, value, probabilities: [...outputs.get('teacherProbabilities')!.data] };
  await program.dispose();
  await state.dispose();
  return result;
}

describe('confidence filter of pseudo-labels', () => {
  it('with thresholds that all pass gives the unfiltered step', async () => {
    const [open, none] = [await step([0, 0]), await step(undefined)];
    expect(open.value('retained')).toBe(1);
    expect(open.value('loss')).toBeCloseTo(none.value('loss'), 6);
    open.head.forEach((value, i) => {
      expect(value).toBeCloseTo(none.head[i]!, 5);
    });
    expect(none.outputs.has('retained')).toBe(false);
  });

  it('with thresholds that none pass moves nothing', async () => {
    const closed = await step([1.1, 1.1]);
    expect(closed.value('retained')).toBe(0);
    expect(closed.value('loss')).toBe(0);
  });

  it('has a threshold for each class', async () => {
    const { probabilities } = await step(undefined);
    const sorted = [...probabilities].sort((a, b) => a - b);
    expect(sorted[3]! - sorted[0]!).toBeGreaterThan(1e-4); // else the case shows nothing
    const between = (sorted[1]! + sorted[2]!) / 2;
    expect((await step([between, 1.1])).value('retained')).toBe(0.5);
    expect((await step([1.1, 1 - between])).value('retained')).toBe(0.5);
    expect((await step([between, 1 - between])).value('retained')).toBe(1);
  });

  it('reports entropy within its bounds and finite features of both views', async () => {
    const { value, outputs } = await step(undefined);
    expect(value('teacherEntropy')).toBeGreaterThan(0);
    expect(value('teacherEntropy')).toBeLessThanOrEqual(Math.log(24) + 1e-5);
    expect(value('targetInformation')).toBeGreaterThan(0);
    expect(value('targetInformation')).toBeLessThanOrEqual(1);
    expect(outputs.get('teacherFeatures')!.shape).toEqual([2 * batch, 16]);
    expect([...outputs.get('teacherFeatures')!.data].every(Number.isFinite)).toBe(true);
  });
});
