import {
  createEngine,
  type Engine,
  type EngineName,
  feedForward,
  l2Normalise,
  layerNorm,
  linear,
  type Program,
  rematerialise,
  selfAttention,
  tf,
} from '../index';

function values(size: number, phase: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => 0.5 * Math.sin(1.7 * i + phase) * Math.cos(0.3 * i * i + phase));
}

const B = 2;
const N = 5;
const D = 12;

const PARAMETERS = [
  { name: 'gamma', shape: [D] },
  { name: 'beta', shape: [D] },
  { name: 'qkv', shape: [3 * D, D] },
  { name: 'qkvBias', shape: [3 * D] },
  { name: 'fc1', shape: [4 * D, D] },
  { name: 'fc1Bias', shape: [4 * D] },
  { name: 'fc2', shape: [D, 4 * D] },
  { name: 'fc2Bias', shape: [D] },
];

/** A transformer block, a loss, all gradients, and one step of gradient descent. */
function trainingProgram(recompute: boolean): Program {
  const block = (...[x, gamma, beta, qkv, qkvBias, fc1, fc1Bias, fc2, fc2Bias]: tf.Tensor[]): tf.Tensor => {
    const attended = tf.add(x!, selfAttention(linear(layerNorm(x!, gamma!, beta!, 1e-6), qkv!, qkvBias), 3));
    const input = { gamma: gamma!, beta: beta!, weight: fc1!, bias: fc1Bias! };
    return tf.add(attended, feedForward(attended, { input, weight: fc2!, bias: fc2Bias! }, 1e-6));
  };
  return {
    name: 'block',
    inputs: [{ name: 'x', shape: [B, N, D] }],
    state: PARAMETERS.map(({ name }) => name),
    body: (inputs, state) => {
      const names = PARAMETERS.map(({ name }) => name);
      const { value, grads } = tf.valueAndGrads((...weights: tf.Tensor[]) => {
        const args = [inputs.get('x'), ...weights];
        const y = recompute ? rematerialise(block, args) : block(...args);
        return tf.mean(tf.square(l2Normalise(tf.slice(y, [0, 1, 0], [B, 2, D])).sub(0.3))).asScalar();
      })(names.map((name) => state.get(name)));
      const next = new Map(names.map((name, i) => [name, tf.sub(state.get(name), tf.mul(grads[i]!, 0.1))]));
      return { outputs: { loss: value }, state: next };
    },
  };
}

async function train(
  engine: Engine,
  recompute: boolean,
): Promise<{ losses: number[]; weights: Map<string, Float32Array> }> {
  const state = await engine.createState(PARAMETERS);
  await state.write(
    new Map(
      PARAMETERS.map(
        ({ name, shape }, i) =>
          [
            name,
            values(
              shape.reduce((a, b) => a * b, 1),
              i,
            ),
          ] as const,
      ),
    ),
  );
  const step = await engine.compile(trainingProgram(recompute), state);
  const losses: number[] = [];
  for (let i = 0; i < 5; i++) {
    const outputs = await step.run({ x: values(B * N * D, 10 + i) });
    losses.push(outputs.get('loss')!.data[0]!);
  }
  const weights = await state.read();
  await step.dispose();
  await state.dispose();
  return { losses, weights };
}

describe('one program, several engines', () => {
  let expected: Awaited<ReturnType<typeof train>>;

  beforeAll(async () => {
    expected = await train(await createEngine({ engine: 'js' }), false);
    expect(expected.losses[4]).not.toBeCloseTo(expected.losses[0]!, 4);
  });

  it.each([
    ['onnxruntime', false],
    ['onnxruntime', true],
    ['wasm', false],
    ['js', true],
  ] as [EngineName, boolean][])('%s (rematerialised: %s) trains to the same weights', async (name, recompute) => {
    const got = await train(await createEngine({ engine: name, threads: 1 }), recompute);
    for (const [i, loss] of expected.losses.entries()) expect(got.losses[i]).toBeCloseTo(loss, 5);
    for (const [weight, want] of expected.weights) {
      const have = got.weights.get(weight)!;
      for (let k = 0; k < want.length; k++) expect(Math.abs(have[k]! - want[k]!)).toBeLessThan(1e-5);
    }
  });

  it.each(['onnxruntime', 'wasm', 'js'] as EngineName[])('%s leaves no tensor behind', async (name) => {
    const engine = await createEngine({ engine: name, threads: 1 });
    const before = tf.memory().numTensors;
    await train(engine, false);
    await train(engine, true);
    expect(tf.memory().numTensors).toBe(before);
  });
});

it.each(['onnxruntime', 'wasm', 'js'] as EngineName[])(
  '%s: gradients through abs and relu have the right sign',
  async (name) => {
    const program: Program = {
      name: 'signs',
      inputs: [{ name: 'x', shape: [4] }],
      body: (inputs) => {
        const gradient = (f: (x: tf.Tensor) => tf.Tensor): tf.Tensor => tf.grad(f)(inputs.get('x'));
        return { outputs: { abs: gradient(tf.abs), relu: gradient(tf.relu) } };
      },
    };
    const signs = await (await createEngine({ engine: name, threads: 1 })).compile(program);
    const outputs = await signs.run({ x: Float32Array.of(-2, -0.5, 0.5, 3) });
    // TensorFlow.js derives both from `step`, with -1 and with 0 for what is not positive.
    expect([...outputs.get('abs')!.data]).toEqual([-1, -1, 1, 1]);
    expect([...outputs.get('relu')!.data].map((value) => value + 0)).toEqual([0, 0, 1, 1]);
    await signs.dispose();
  },
);

describe('bad calls', () => {
  const program: Program = {
    name: 'double',
    inputs: [{ name: 'x', shape: [2, 2] }],
    body: (inputs) => ({ outputs: { y: tf.mul(inputs.get('x'), 2) } }),
  };

  it.each([
    [{}, 'COMPUTE.INPUT_MISSING'],
    [{ x: new Float32Array(3) }, 'COMPUTE.INPUT_SHAPE'],
    [{ x: new Int32Array(4) }, 'COMPUTE.INPUT_SHAPE'],
    [{ x: Float32Array.of(1, NaN, 0, 0) }, 'COMPUTE.INPUT_NOT_FINITE'],
    [{ x: Float32Array.of(1, Infinity, -Infinity, 0) }, 'COMPUTE.INPUT_NOT_FINITE'],
    [{ x: new Float32Array(4), z: new Float32Array(1) }, 'COMPUTE.INPUT_UNKNOWN'],
  ])('%j is refused with %s', async (inputs, code) => {
    for (const engine of ['onnxruntime', 'js'] as EngineName[]) {
      const double = await (await createEngine({ engine, threads: 1 })).compile(program);
      await expect(double.run(inputs as Record<string, Float32Array>)).rejects.toMatchObject({ code });
      await double.dispose();
    }
  });

  it('names the kernel that cannot be traced', async () => {
    const engine = await createEngine({ engine: 'onnxruntime', threads: 1 });
    const unknown: Program = { ...program, body: (inputs) => ({ outputs: { y: tf.cumsum(inputs.get('x')) } }) };
    await expect(engine.compile(unknown)).rejects.toMatchObject({
      code: 'COMPUTE.UNTRACEABLE_KERNEL',
      message: expect.stringContaining('Cumsum') as string,
    });
  });

  it('names the operation whose result is read while it is recorded', async () => {
    const engine = await createEngine({ engine: 'onnxruntime', threads: 1 });
    const reader: Program = {
      ...program,
      body: (inputs) => ({ outputs: { y: tf.mul(inputs.get('x'), tf.exp(inputs.get('x')).dataSync()[0]!) } }),
    };
    await expect(engine.compile(reader)).rejects.toMatchObject({
      code: 'COMPUTE.UNTRACEABLE_READ',
      message: expect.stringContaining('Exp') as string,
    });
  });

  it('refuses a second run while one is going on, and any run after disposal', async () => {
    const double = await (await createEngine({ engine: 'onnxruntime', threads: 1 })).compile(program);
    const first = double.run({ x: Float32Array.of(1, 2, 3, 4) });
    await expect(double.run({ x: new Float32Array(4) })).rejects.toMatchObject({ code: 'COMPUTE.BUSY' });
    expect((await first).get('y')!.data).toEqual(Float32Array.of(2, 4, 6, 8));
    await double.dispose();
    await expect(double.run({ x: new Float32Array(4) })).rejects.toMatchObject({ code: 'COMPUTE.DISPOSED' });
  });

  it('says what to install when an engine is not there', async () => {
    await expect(createEngine({ engine: 'wasm', provider: 'webgpu' })).rejects.toMatchObject({
      code: 'COMPUTE.OPTION_INVALID',
    });
    await expect(createEngine({ engine: 'onnxruntime', threads: 0 })).rejects.toMatchObject({
      code: 'COMPUTE.OPTION_INVALID',
    });
  });
});
