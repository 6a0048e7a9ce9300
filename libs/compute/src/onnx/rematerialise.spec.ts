import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { rematerialise } from '../ops/rematerialise';
import { type Program } from '../program';
import { tf } from '../tf';
import { record } from '../trace/record';
import { encodeOnnx } from './encode';
import { modelType } from './schema';

/** A chain of two blocks with the square of an erf each, which its gradient needs, and the gradient of its sum. */
function chain(block: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor): Program {
  return {
    name: 'chain',
    inputs: [
      { name: 'x', shape: [4, 4] },
      { name: 'w', shape: [4, 4] },
    ],
    body: (inputs) => {
      const { value, grads } = tf.valueAndGrads((x: tf.Tensor, w: tf.Tensor) => tf.sum(block(block(x, w), w)))([
        inputs.get('x'),
        inputs.get('w'),
      ]);
      return { outputs: { value, dx: grads[0]! } };
    },
  };
}

const layer = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.square(tf.erf(tf.matMul(x, w)));

/** Number of erf nodes that the runtime keeps after all of its optimisations. */
async function erfsAfterOptimisation(program: Program): Promise<number> {
  const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-'));
  const file = path.join(directory, 'optimised.onnx');
  try {
    const session = await InferenceSession.create(encodeOnnx(record(program, [])).bytes, {
      graphOptimizationLevel: 'all',
      optimizedModelFilePath: file,
      logSeverityLevel: 4,
    });
    await session.release();
    const model = modelType.toObject(modelType.decode(readFileSync(file))) as { graph: { node: { opType: string }[] } };
    return model.graph.node.filter(({ opType }) => opType === 'Erf').length;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('rematerialise in the optimised graph', () => {
  it('computes every block a second time', async () => {
    expect(await erfsAfterOptimisation(chain(layer))).toBe(2);
    expect(await erfsAfterOptimisation(chain((x, w) => rematerialise(layer, [x, w])))).toBe(4);
  });

  it('needs its barrier: a plain repetition is merged with the original', async () => {
    const repeated: Program = {
      ...chain(layer),
      body: (inputs) => {
        const once = layer(inputs.get('x'), inputs.get('w'));
        const again = layer(inputs.get('x'), inputs.get('w'));
        return { outputs: { y: tf.add(once, tf.mul(again, 3)) } };
      },
    };
    expect(await erfsAfterOptimisation(repeated)).toBe(1);
  });
});
