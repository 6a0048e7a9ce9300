import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exportOnnx, linear, type Program, tf } from './index';

const specs = [
  { name: 'weight', shape: [2, 3] },
  { name: 'bias', shape: [2] },
];
const weights = new Map([
  ['weight', Float32Array.of(1, 2, 3, 4, 5, 6)],
  ['bias', Float32Array.of(0.5, -0.5)],
]);
const forward: Program = {
  name: 'layer',
  inputs: [{ name: 'x', shape: [1, 3] }],
  state: ['weight', 'bias'],
  body: (inputs, state) => ({
    outputs: { y: tf.relu(linear(inputs.get('x'), state.get('weight'), state.get('bias'))) },
  }),
};

describe('exportOnnx', () => {
  it('writes a file that runs by itself, weights inside', async () => {
    const session = await InferenceSession.create(exportOnnx(forward, specs, weights, { note: 'test' }));
    expect(session.inputNames).toEqual(['x']);
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(1, -1, 1), [1, 3]) });
    expect(y!.data).toEqual(Float32Array.of(2.5, 4.5));
    await session.release();
  });

  it('refuses a training program, and missing weights', () => {
    const training: Program = {
      ...forward,
      body: (inputs, state) => ({
        outputs: { y: inputs.get('x') },
        state: new Map([['bias', tf.mul(state.get('bias'), 2)]]),
      }),
    };
    expect(() => exportOnnx(training, specs, weights)).toThrow(
      expect.objectContaining({ code: 'COMPUTE.PROGRAM_INVALID' }) as Error,
    );
    expect(() => exportOnnx(forward, specs, new Map())).toThrow(
      expect.objectContaining({ code: 'COMPUTE.STATE_MISSING' }) as Error,
    );
  });
});
