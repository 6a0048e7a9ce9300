import '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeSafetensors, type DecodedSafetensors, toFloat32 } from '@fedistl/core';
import { tf } from '@fedistl/compute';
import { parseVitConfig } from '../config/check-config';
import { type VitConfig } from '../config/vit-config';
import { vitParameters } from '../parameters/parameter-list';
import { backboneFeatures, lastAttention } from './backbone';
import { classHead, dinoHead } from './heads';
import { forwardMultiCrop } from './multi-crop';
import { type ParameterTensors } from './network-parameters';
import { interpolatePositions } from './position-embedding';

const fixtures = path.resolve(__dirname, '../../../../test/fixtures/reference');
const read = (name: string): DecodedSafetensors => decodeSafetensors(readFileSync(path.join(fixtures, name)));
const forward = read('forward.safetensors');
const step = read('step.safetensors');

function referenceConfig(): VitConfig {
  const { clsHead, ...rest } = JSON.parse(forward.metadata['config'] ?? '') as Record<string, unknown> & {
    clsHead: { hiddenDim: number; numClasses: number };
  };
  const classHead = { hiddenDim: clsHead.hiddenDim, findings: clsHead.numClasses };
  return parseVitConfig({ ...rest, dropPathRate: 0, classHead });
}

function tensor(file: DecodedSafetensors, name: string): tf.Tensor {
  const found = file.tensors.get(name);
  if (found === undefined) throw new Error(`the reference has no ${name}`);
  return tf.tensor(toFloat32(found), [...found.shape]);
}

function weights(file: DecodedSafetensors, prefix: string): ParameterTensors {
  return new Map(vitParameters(referenceConfig()).map(({ name }) => [name, tensor(file, `${prefix}${name}`)]));
}

function largestDifference(actual: tf.Tensor, expected: tf.Tensor): number {
  expect(actual.shape).toEqual(expected.shape);
  return tf.tidy(() => tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0] ?? NaN);
}

describe.each(['cpu', 'wasm'])('PyTorch reference numbers on the %s backend', (backend) => {
  const config = referenceConfig();

  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });
  beforeEach(() => {
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
  });

  const expectClose = (actual: tf.Tensor, name: string, file = forward, within = 1e-5) => {
    expect(largestDifference(actual, tensor(file, name))).toBeLessThan(within);
  };

  it.each(['global', 'local', 'large'])('class-token features of the %s images', (images) => {
    const features = backboneFeatures(weights(forward, 'weights.'), config, tensor(forward, images));
    expectClose(features, `cls.${images}`);
  });

  it.each([
    ['local', 2],
    ['large', 6],
  ] as const)('interpolated positions of the %s images', (images, side) => {
    const positions = tensor(forward, 'weights.backbone.pos_embed');
    expectClose(interpolatePositions(positions, 4, { rows: side, columns: side }), `posEmbed.${images}`);
  });

  it('last-layer attention', () => {
    const attention = lastAttention(weights(forward, 'weights.'), config, tensor(forward, 'global'));
    expectClose(attention, 'attention.global');
  });

  it('both heads', () => {
    const parameters = weights(forward, 'weights.');
    expectClose(dinoHead(parameters, tensor(forward, 'cls.global')), 'dinoHead.global');
    expectClose(classHead(parameters, tensor(forward, 'cls.global')), 'clsHead.global');
  });

  it.each([false, true])('student and teacher outputs over all crops, recomputed blocks: %s', (rematerialise) => {
    const crops = Array.from({ length: 6 }, (_, index) => tensor(step, `crop.${index}`));
    const student = forwardMultiCrop(weights(step, 'student.'), config, crops, { rematerialise });
    expectClose(student.dinoLogits, 'student.dino', step);
    // The file has the class head's output for the local crops too, which training never uses.
    expectClose(classHead(weights(step, 'student.'), student.features), 'student.logits', step);
    const global = tf.slice(tensor(step, 'student.logits'), [0, 0], [6, 1]);
    expect(largestDifference(student.classLogits, global)).toBeLessThan(1e-5);
    const teacher = forwardMultiCrop(weights(step, 'teacher.'), config, crops.slice(0, 2), { rematerialise });
    expectClose(teacher.dinoLogits, 'teacher.dino', step);
    expectClose(teacher.classLogits, 'teacher.logits', step);
  });

  it.each([false, true])('every gradient of the step, recomputed blocks: %s', (rematerialise) => {
    const student = weights(step, 'student.');
    const crops = Array.from({ length: 6 }, (_, index) => tensor(step, `crop.${index}`));
    const names = vitParameters(config).flatMap(({ name, trainable }) => (trainable ? [name] : []));
    const loss = (...values: tf.Tensor[]) => {
      const parameters = new Map([...student, ...names.map((name, index) => [name, values[index]!] as const)]);
      return stepLoss(forwardMultiCrop(parameters, config, crops, { rematerialise }));
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => student.get(name)!));
    expectClose(value, 'loss', step);
    names.forEach((name, index) => {
      const expected = tensor(step, `grad.${name}`);
      const size = tf.norm(expected).dataSync()[0]!;
      const difference = tf.norm(tf.sub(grads[index]!, expected)).dataSync()[0]!;
      expect({ name, close: difference <= 1e-4 * size + 1e-7 }).toEqual({ name, close: true });
    });
  });
});

/** The step's loss (distl.md 1.4), from the teacher outputs in the file: temperatures 0.1 and 0.04, lambda 0.5, alpha 0.8. */
function stepLoss({ dinoLogits, classLogits }: { dinoLogits: tf.Tensor; classLogits: tf.Tensor }): tf.Scalar {
  const batch = 3;
  const views = 6;
  const targets = tf.softmax(tf.div(tf.sub(tensor(step, 'teacher.dino'), tensor(step, 'center')), 0.04));
  const logProbabilities = tf.logSoftmax(tf.div(dinoLogits, 0.1));
  const rows = (x: tf.Tensor, view: number) => tf.slice(x, [view * batch, 0], [batch, x.shape[1]!]);
  const terms: tf.Tensor[] = [];
  for (let u = 0; u < 2; u += 1) {
    for (let w = 0; w < views; w += 1) {
      if (w !== u) terms.push(tf.mean(tf.neg(tf.sum(tf.mul(rows(targets, u), rows(logProbabilities, w)), -1))));
    }
  }
  const dino = tf.div(tf.addN(terms), terms.length);
  const target = tf.sigmoid(rows(tensor(step, 'teacher.logits'), 0));
  const logit = rows(classLogits, 1);
  const pseudo = tf.mean(tf.sub(tf.softplus(logit), tf.mul(target, logit)));
  return tf.add<tf.Scalar>(tf.mul(dino, 0.5), tf.mul(pseudo, 0.5 * 0.8));
}
