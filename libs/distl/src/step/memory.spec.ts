import { createEngine, tf } from '@fedistl/compute';
import { createRng } from '@fedistl/core';
import { drawKeepMask, initialiseParameters, parseVitConfig, vitParameters } from '@fedistl/vit';
import { ADAMW_DEFAULTS, adamwScalars } from '../optimiser/adamw';
import { distlStep } from './distl-step';
import { stateName, trainingState } from './state-names';
import { STEP_DEFAULTS, type StepConfig } from './step-config';
import { INPUT } from './step-inputs';

const model = parseVitConfig({
  imageSize: 32,
  patchSize: 8,
  inChannels: 1,
  embedDim: 64,
  depth: 2,
  numHeads: 2,
  mlpRatio: 4,
  layerNormEps: 1e-6,
  dropPathRate: 0.1,
  dinoHead: { hiddenDim: 128, bottleneckDim: 32, outDim: 256 },
  classHead: { hiddenDim: 16, findings: 1 },
});
const config: StepConfig = { ...STEP_DEFAULTS, model, batch: 2, globalSize: 32, localSize: 16, localViews: 2 };

const MiB = 2 ** 20;

it('500 steps leave no tensor, buffer or handle behind', async () => {
  await tf.setBackend('cpu');
  const rng = createRng(3);
  const parameters = vitParameters(model);
  const engine = await createEngine({ engine: 'onnxruntime', threads: 1 });
  const tensors = tf.memory().numTensors;
  const state = await engine.createState(trainingState(parameters, model.dinoHead.outDim));
  for (const [name, data] of initialiseParameters(model, rng)) {
    await state.write(
      new Map([
        [stateName.student(name), data],
        [stateName.teacher(name), data],
      ]),
    );
  }
  const step = await engine.compile(distlStep(config, false), state);
  const images = (size: number): Float32Array => {
    const pixels = new Float32Array(size);
    rng.fillUniform(pixels);
    return pixels;
  };
  const used: number[] = [];
  const handles: number[] = [];
  for (let i = 0; i <= 500; i++) {
    await step.run({
      [INPUT.globalViews]: images(4 * 32 * 32),
      [INPUT.localViews]: images(4 * 16 * 16),
      [INPUT.globalKeepMask]: drawKeepMask(model, 4, rng),
      [INPUT.localKeepMask]: drawKeepMask(model, 4, rng),
      [INPUT.lossWeights]: Float32Array.of(0.5, 0.5, 0),
      [INPUT.optimiser]: adamwScalars(ADAMW_DEFAULTS, 1e-4, 0.01, i + 1),
      [INPUT.lastLayerOptimiser]: adamwScalars(ADAMW_DEFAULTS, 1e-4, 0.01, i + 1),
      [INPUT.teacherMomentum]: Float32Array.of(0.9995, 0.0005),
    });
    if (i % 100 === 0) {
      used.push(process.memoryUsage().rss / MiB);
      handles.push(process.getActiveResourcesInfo().length);
    }
  }
  // One leaked weight tensor a step would be 25 MiB in 400 steps, one leaked state 600 MiB.
  expect(used[5]! - used[1]!).toBeLessThan(24);
  expect(handles[5]).toBeLessThanOrEqual(handles[1]!);
  expect(tf.memory().numTensors).toBe(tensors);
  await step.dispose();
  await state.dispose();
});
