import { createEngine, type EngineName, type Program, type tf } from '@fedistl/compute';
import { parseVitConfig, vitParameters } from '@fedistl/vit';
import { ADAMW_DEFAULTS, adamwScalars } from '../optimiser/adamw';
import { distlStep } from './distl-step';
import { stateName, trainingState } from './state-names';
import { STEP_DEFAULTS, type StepConfig } from './step-config';
import { INPUT, stepInputs } from './step-inputs';
import { studentGradients } from './student-pass';
import { teacherPass } from './teacher-pass';

/** The golden case of the method's description: numbers of the authors' modules on weights made of sines. */
const model = parseVitConfig({
  imageSize: 16,
  patchSize: 4,
  inChannels: 3,
  embedDim: 8,
  depth: 2,
  numHeads: 2,
  mlpRatio: 4,
  layerNormEps: 1e-6,
  dropPathRate: 0,
  dinoHead: { hiddenDim: 16, bottleneckDim: 6, outDim: 12 },
  classHead: { hiddenDim: 5, findings: 1 },
});
const config: StepConfig = {
  ...STEP_DEFAULTS,
  clip: { scope: 'tensor', threshold: 0.05 },
  model,
  batch: 2,
  globalSize: 20,
  localSize: 8,
  localViews: 2,
};
const parameters = vitParameters(model);
const specs = trainingState(parameters, 12);

function weight(index: number, name: string, size: number, phase: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    if (name.endsWith('weight_g')) return 1;
    const value = 0.3 * Math.sin(0.7 * i + 1.1 * index + phase);
    return /norm\d?\.weight$/.test(name) ? 1 + value / 2 : value;
  });
}

function crop(side: number, shift: number): Float32Array {
  return Float32Array.from({ length: 2 * 3 * side * side }, (_, i) => 0.5 + 0.5 * Math.sin(0.05 * i + shift));
}

const join = (...parts: Float32Array[]): Float32Array => Float32Array.from(parts.flatMap((part) => [...part]));

const inputs = {
  [INPUT.globalViews]: join(crop(20, 0.1), crop(20, 0.2)),
  [INPUT.localViews]: join(crop(8, 0.3), crop(8, 0.4)),
  [INPUT.lossWeights]: Float32Array.of(0.5, 0.5 * 0.8, 0),
  [INPUT.optimiser]: adamwScalars(ADAMW_DEFAULTS, 5e-5, 0.01, 1),
  [INPUT.lastLayerOptimiser]: adamwScalars(ADAMW_DEFAULTS, 5e-5, 0.01, 1),
  [INPUT.teacherMomentum]: Float32Array.of(0.9995, 0.0005),
};

const gradientProgram: Program = {
  name: 'gradients',
  inputs: stepInputs(config, false),
  state: specs.map(({ name }) => name),
  body: (fed, state) => {
    const teacher = teacherPass(config, parameters, fed, state);
    const { value, grads } = studentGradients(config, parameters, fed, state, {
      dinoTargets: teacher.targets,
      classTargets: teacher.pseudoLabels,
      classWeight: 1,
    });
    const trainable = parameters.filter(({ trainable: isTrained }) => isTrained);
    const named = Object.fromEntries(trainable.map(({ name }, i) => [name, grads[i]!])) as Record<string, tf.Tensor>;
    return { outputs: { ...value, ...named } };
  },
};

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));

describe.each(['onnxruntime', 'wasm', 'js'] as EngineName[])('golden case on %s', (engineName) => {
  const start = async () => {
    const engine = await createEngine({ engine: engineName, threads: 1 });
    const state = await engine.createState(specs);
    const values = parameters.flatMap(({ name, shape }, k) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [
        [stateName.student(name), weight(k, name, size, 0.3)] as const,
        [stateName.teacher(name), weight(k, name, size, 0.9)] as const,
      ];
    });
    await state.write(new Map(values));
    return { engine, state };
  };

  it('has the 44 tensors, the losses and the gradient norms of the released code', async () => {
    expect(parameters).toHaveLength(44);
    const { engine, state } = await start();
    const program = await engine.compile(gradientProgram, state);
    const outputs = await program.run(inputs);
    const first = (name: string): number => outputs.get(name)!.data[0]!;
    expect(first('dino')).toBeCloseTo(1.463153, 5);
    expect(first('classification')).toBeCloseTo(0.6833485, 6);
    expect(first('loss')).toBeCloseTo(1.004916, 5);
    for (const [name, expected] of [
      ['head.mlp.0.weight', 0.201358],
      ['head.last_layer.weight_v', 2.19941],
      ['cls_head.mlp.0.weight', 0.000780041],
      ['backbone.cls_token', 0.0136627],
      ['backbone.pos_embed', 0.0145966],
      ['backbone.patch_embed.proj.weight', 0.0563449],
      ['backbone.blocks.0.attn.qkv.weight', 0.0506412],
    ] as const) {
      const ratio = norm(outputs.get(name)!.data) / expected;
      expect([name, Math.abs(ratio - 1) < 2e-5]).toEqual([name, true]);
    }
    await program.dispose();
    await state.dispose();
  });

  it('clips, steps, averages the teacher and moves the centre to the printed digits', async () => {
    const { engine, state } = await start();
    const program = await engine.compile(distlStep(config, false), state);
    await program.run(inputs);
    const after = await state.read();
    const close = (name: string, expected: number[], digits: number): void => {
      const got = after.get(name)!;
      expected.forEach((value, i) => {
        expect(got[i]).toBeCloseTo(value, digits);
      });
    };
    close(stateName.centre, [0.0203702, 0.04763816, -0.05675769, 0.01836859], 7);
    close(stateName.student('backbone.cls_token'), [0.00233895401, -0.191481903, -0.295169353, -0.260110527], 7);
    close(stateName.student('cls_head.mlp.4.bias'), [0.268387347], 7);
    close(stateName.teacher('backbone.cls_token'), [-0.167330801, -0.288370788, -0.273785442, -0.130434558], 7);
    await program.dispose();
    await state.dispose();
  });
});
