import { tf } from '../tf';
import {
  attentionProbabilities,
  feedForward,
  gelu,
  l2Normalise,
  layerNorm,
  linear,
  normLinear,
  rematerialise,
  selfAttention,
} from '../index';

/** Deterministic values in [-1, 1]. */
function values(shape: number[], phase: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase) * Math.cos(0.3 * i * i + phase)),
    shape,
  );
}

/** The same operations composed of TensorFlow.js' own differentiable ops. */
const plain = {
  layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
    const centred = x.sub(x.mean(-1, true));
    return centred.div(centred.square().mean(-1, true).add(1e-6).sqrt()).mul(gamma).add(beta);
  },
  linear: (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
    x
      .reshape([-1, w.shape[1]!])
      .matMul(w.transpose())
      .add(b)
      .reshape([...x.shape.slice(0, -1), w.shape[0]]),
  gelu: (x: tf.Tensor): tf.Tensor => x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1)),
  selfAttention(qkv: tf.Tensor, heads: number): tf.Tensor {
    const [b, n, d3] = qkv.shape as [number, number, number];
    const [q, k, v] = tf.unstack(qkv.reshape([b, n, 3, heads, d3 / 3 / heads]).transpose([2, 0, 3, 1, 4]));
    const p = tf.softmax(q!.matMul(k!.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(d3 / 3 / heads)));
    return p
      .matMul(v!)
      .transpose([0, 2, 1, 3])
      .reshape([b, n, d3 / 3]);
  },
};

function expectSame(
  ours: (...x: tf.Tensor[]) => tf.Tensor,
  theirs: (...x: tf.Tensor[]) => tf.Tensor,
  shapes: number[][],
): void {
  tf.tidy(() => {
    const inputs = shapes.map((shape, i) => values(shape, i + 0.5));
    const dy = values(ours(...inputs).shape, 9);
    const a = [ours(...inputs), ...tf.grads(ours)(inputs, dy)];
    const b = [theirs(...inputs), ...tf.grads(theirs)(inputs, dy)];
    for (const [i, expected] of b.entries()) {
      const want = expected.dataSync();
      const got = a[i]!.dataSync();
      expect(a[i]!.shape).toEqual(expected.shape);
      const scale = Math.max(1, ...Array.from(want, Math.abs));
      for (let k = 0; k < want.length; k++) expect(Math.abs(got[k]! - want[k]!)).toBeLessThan(2e-6 * scale);
    }
  });
}

describe('operations with hand-written gradients equal the composed ones, value and every gradient', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('linear', () => {
    expectSame((x, w, b) => linear(x, w, b), plain.linear, [[2, 3, 4], [5, 4], [5]]);
  });
  it('layerNorm', () => {
    expectSame((x, g, b) => layerNorm(x, g, b, 1e-6), plain.layerNorm, [[2, 3, 6], [6], [6]]);
  });
  it('normLinear', () => {
    expectSame(
      (x, gamma, beta, weight, bias) => normLinear(x, { gamma, beta, weight, bias }, 1e-6, 0.5),
      (x, g, b, w, c) => plain.linear(plain.layerNorm(x, g, b), w, c).mul(0.5),
      [[2, 3, 6], [6], [6], [5, 6], [5]],
    );
  });
  it('gelu', () => {
    expectSame(gelu, plain.gelu, [[3, 7]]);
  });
  it('feedForward', () => {
    expectSame(
      (x, gamma, beta, w1, b1, w2, b2) =>
        feedForward(x, { input: { gamma, beta, weight: w1, bias: b1 }, weight: w2, bias: b2 }, 1e-6),
      (x, g, b, w1, b1, w2, b2) => plain.linear(plain.gelu(plain.linear(plain.layerNorm(x, g, b), w1, b1)), w2, b2),
      [[2, 3, 6], [6], [6], [8, 6], [8], [6, 8], [6]],
    );
  });
  it('selfAttention', () => {
    expectSame(
      (x) => selfAttention(x, 2),
      (x) => plain.selfAttention(x, 2),
      [[2, 5, 12]],
    );
  });
  it('l2Normalise', () => {
    expectSame(
      (x) => l2Normalise(x),
      (x) => x.div(x.square().sum(-1, true).sqrt()),
      [[4, 6]],
    );
  });
  it('rematerialise gives what its block gives, nested in a longer computation', () => {
    const block = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.tanh(tf.matMul(x, w)).add(x);
    expectSame(
      (x, w, v) => rematerialise(block, [rematerialise(block, [x.mul(2), w]), v]).square(),
      (x, w, v) => block(block(x.mul(2), w), v).square(),
      [
        [3, 4],
        [4, 4],
        [4, 4],
      ],
    );
  });
});

describe('attentionProbabilities', () => {
  it('has rows that sum to 1', () => {
    tf.tidy(() => {
      const sums = attentionProbabilities(values([2, 5, 12], 1), 2)
        .sum(-1)
        .dataSync();
      expect(sums).toHaveLength(2 * 2 * 5);
      for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
    });
  });
});
