import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type DecodedSafetensors, decodeSafetensors, toFloat32 } from '@fedistl/core';
import {
  createEngine,
  type Engine,
  type EngineName,
  type HostTensor,
  type Program,
  type ProgramResult,
  tf,
} from '@fedistl/compute';
import { parseVitConfig } from '../config/check-config';
import { type VitConfig } from '../config/vit-config';
import { vitParameters } from '../parameters/parameter-list';
import { classHead, dinoHead } from './heads';
import { inferenceProgram, inferenceState } from './inference-program';
import { forwardMultiCrop } from './multi-crop';
import { type ParameterTensors } from './network-parameters';
import { interpolatePositions } from './position-embedding';

const fixtures = path.resolve(__dirname, '../../../../test/fixtures/reference');
const read = (name: string): DecodedSafetensors => decodeSafetensors(readFileSync(path.join(fixtures, name)));
const forward = read('forward.safetensors');
const step = read('step.safetensors');
const config = referenceConfig();

function referenceConfig(): VitConfig {
  const { clsHead, ...rest } = JSON.parse(forward.metadata['config'] ?? '') as Record<string, unknown> & {
    clsHead: { hiddenDim: number; numClasses: number };
  };
  const classHeadConfig = { hiddenDim: clsHead.hiddenDim, findings: clsHead.numClasses };
  return parseVitConfig({ ...rest, dropPathRate: 0, classHead: classHeadConfig });
}

function reference(file: DecodedSafetensors, name: string): { shape: readonly number[]; data: Float32Array } {
  const tensor = file.tensors.get(name);
  if (tensor === undefined) throw new Error(`the reference has no ${name}`);
  return { shape: tensor.shape, data: toFloat32(tensor) };
}

interface Run {
  readonly file: DecodedSafetensors;
  /** Prefixes of the weights in the file, one network each. */
  readonly networks: readonly string[];
  readonly inputs: readonly string[];
  readonly body: (networks: readonly ParameterTensors[], inputs: readonly tf.Tensor[]) => ProgramResult['outputs'];
}

/** Runs a function of the file's networks and tensors as a program on the engine. */
async function run(engine: Engine, { file, networks, inputs, body }: Run): Promise<ReadonlyMap<string, HostTensor>> {
  const specs = networks.flatMap((prefix) =>
    vitParameters(config).map(({ name, shape }) => ({ name: `${prefix}${name}`, shape })),
  );
  const state = await engine.createState(specs);
  await state.write(new Map(specs.map(({ name }) => [name, reference(file, name).data])));
  const program: Program = {
    name: 'reference',
    inputs: inputs.map((name) => ({ name, shape: reference(file, name).shape })),
    state: specs.map(({ name }) => name),
    body: (given, held) => ({
      outputs: body(
        networks.map((prefix) => ({ get: (name: string) => held.get(`${prefix}${name}`) })),
        inputs.map((name) => given.get(name)),
      ),
    }),
  };
  const executable = await engine.compile(program, state);
  const result = await executable.run(Object.fromEntries(inputs.map((name) => [name, reference(file, name).data])));
  await executable.dispose();
  await state.dispose();
  return result;
}

function expectClose(actual: HostTensor | undefined, expected: { shape: readonly number[]; data: Float32Array }): void {
  expect(actual?.shape).toEqual(expected.shape);
  const worst = expected.data.reduce((most, value, i) => Math.max(most, Math.abs(value - actual!.data[i]!)), 0);
  expect(worst).toBeLessThan(1e-5);
}

const crops = Array.from({ length: 6 }, (_, index) => `crop.${index}`);

describe.each<EngineName>(['onnxruntime', 'wasm', 'js'])('PyTorch reference numbers on engine %s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ engine: name });
  });
  afterAll(() => engine.dispose());

  it.each(['global', 'local', 'large'])('features of the %s images, by the inference program', async (images) => {
    const { shape, data } = reference(forward, images);
    const [batch, , height, width] = shape as [number, number, number, number];
    const state = await engine.createState(inferenceState(config));
    await state.write(
      new Map(inferenceState(config).map((spec) => [spec.name, reference(forward, `weights.${spec.name}`).data])),
    );
    const program = inferenceProgram(config, { batch, height, width, attention: true });
    const executable = await engine.compile(program, state);
    const outputs = await executable.run({ images: data });
    await executable.dispose();
    await state.dispose();
    expectClose(outputs.get('features'), reference(forward, `cls.${images}`));
    if (images === 'global') {
      expectClose(outputs.get('attention'), reference(forward, 'attention.global'));
      expectClose(outputs.get('logits'), reference(forward, 'clsHead.global'));
    }
  });

  it('interpolated positions and both heads', async () => {
    const outputs = await run(engine, {
      file: forward,
      networks: ['weights.'],
      inputs: ['cls.global'],
      body: ([parameters], [features]) => {
        const positions = parameters!.get('backbone.pos_embed')!;
        return {
          local: interpolatePositions(positions, 4, { rows: 2, columns: 2 }),
          large: interpolatePositions(positions, 4, { rows: 6, columns: 6 }),
          dino: dinoHead(parameters!, features!),
          classes: classHead(parameters!, features!),
        };
      },
    });
    expectClose(outputs.get('local'), reference(forward, 'posEmbed.local'));
    expectClose(outputs.get('large'), reference(forward, 'posEmbed.large'));
    expectClose(outputs.get('dino'), reference(forward, 'dinoHead.global'));
    expectClose(outputs.get('classes'), reference(forward, 'clsHead.global'));
  });

  it('student and teacher outputs over all crops', async () => {
    const outputs = await run(engine, {
      file: step,
      networks: ['student.', 'teacher.'],
      inputs: crops,
      body: ([student, teacher], images) => {
        const learned = forwardMultiCrop(student!, config, images);
        const taught = forwardMultiCrop(teacher!, config, images.slice(0, 2));
        return {
          studentDino: learned.dinoLogits,
          studentLogits: learned.classLogits,
          // The file has the class head's output for the local crops too, which training never uses.
          allLogits: classHead(student!, learned.features),
          teacherDino: taught.dinoLogits,
          teacherLogits: taught.classLogits,
        };
      },
    });
    const logits = reference(step, 'student.logits');
    expectClose(outputs.get('studentDino'), reference(step, 'student.dino'));
    expectClose(outputs.get('studentLogits'), { shape: [6, 1], data: logits.data.slice(0, 6) });
    expectClose(outputs.get('allLogits'), logits);
    expectClose(outputs.get('teacherDino'), reference(step, 'teacher.dino'));
    expectClose(outputs.get('teacherLogits'), reference(step, 'teacher.logits'));
  });

  it.each([false, true])('every gradient of the step, recomputed blocks: %s', async (rematerialise) => {
    const names = vitParameters(config).flatMap((spec) => (spec.trainable ? [spec.name] : []));
    const outputs = await run(engine, {
      file: step,
      networks: ['student.'],
      inputs: [...crops, 'teacher.dino', 'teacher.logits', 'center'],
      body: ([student], inputs) => {
        const [dino, logits, centre] = inputs.slice(6) as [tf.Tensor, tf.Tensor, tf.Tensor];
        const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
          const tensors = new Map(names.map((each, index) => [each, values[index]!]));
          const parameters = { get: (each: string) => tensors.get(each) ?? student!.get(each) };
          const output = forwardMultiCrop(parameters, config, inputs.slice(0, 6), { rematerialise });
          return stepLoss(output, { dino, logits, centre });
        })(names.map((each) => student!.get(each)!));
        return { loss: value, ...Object.fromEntries(names.map((each, index) => [each, grads[index]!])) };
      },
    });
    expectClose(outputs.get('loss'), reference(step, 'loss'));
    for (const each of names) {
      const expected = reference(step, `grad.${each}`).data;
      const actual = outputs.get(each)!.data;
      const size = Math.hypot(...expected);
      const difference = Math.hypot(...expected.map((value, i) => value - actual[i]!));
      // The floor is for the key rows of qkv biases, whose exact gradient is zero.
      expect({ each, close: difference <= 1e-4 * size + 1e-7 }).toEqual({ each, close: true });
    }
  });
});

/** The step's loss (distl.md 1.4), given the teacher's outputs: temperatures 0.1 and 0.04, lambda 0.5, alpha 0.8. */
function stepLoss(
  { dinoLogits, classLogits }: { dinoLogits: tf.Tensor; classLogits: tf.Tensor },
  teacher: { dino: tf.Tensor; logits: tf.Tensor; centre: tf.Tensor },
): tf.Scalar {
  const batch = 3;
  const views = 6;
  const targets = tf.softmax(tf.div(tf.sub(teacher.dino, teacher.centre), 0.04));
  const logProbabilities = tf.logSoftmax(tf.div(dinoLogits, 0.1));
  const rows = (x: tf.Tensor, view: number) => tf.slice(x, [view * batch, 0], [batch, x.shape[1]!]);
  const terms: tf.Tensor[] = [];
  for (let u = 0; u < 2; u += 1) {
    for (let w = 0; w < views; w += 1) {
      if (w !== u) terms.push(tf.mean(tf.neg(tf.sum(tf.mul(rows(targets, u), rows(logProbabilities, w)), -1))));
    }
  }
  const dino = tf.mul(
    terms.reduce((sum, term) => tf.add(sum, term)),
    1 / terms.length,
  );
  const target = tf.sigmoid(rows(teacher.logits, 0));
  const logit = rows(classLogits, 1);
  const [positive, negative] = [tf.log(tf.sigmoid(logit)), tf.log(tf.sigmoid(tf.neg(logit)))];
  const pseudo = tf.neg(tf.mean(tf.add(tf.mul(target, positive), tf.mul(tf.sub(1, target), negative))));
  return tf.add<tf.Scalar>(tf.mul(dino, 0.5), tf.mul(pseudo, 0.5 * 0.8));
}
