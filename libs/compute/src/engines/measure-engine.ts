import { type Program } from '../program';
import { tf } from '../tf';
import { createEngine, type EngineOptions } from './create-engine';

export interface EngineMeasurement {
  /** 1e9 floating-point operations a second on a product of two matrices. */
  readonly gflops: number;
}

/** Side of the matrices: large enough that a GPU shows what it can, small enough that a CPU is done in a tenth of a second. */
const SIDE = 1024;
/** Products a run: one transfer in and out for all of them. */
const PRODUCTS = 4;

/** Starts an engine and times a chain of matrix products; the best of three runs counts. */
export async function measureEngine(options: EngineOptions): Promise<EngineMeasurement> {
  const engine = await createEngine(options);
  const program: Program = {
    name: 'products',
    inputs: [{ name: 'x', shape: [SIDE, SIDE] }],
    body: (inputs) => {
      let y: tf.Tensor = inputs.get('x');
      for (let i = 0; i < PRODUCTS; i++) y = tf.matMul(y, inputs.get('x'));
      return { outputs: { sum: tf.sum(y) } };
    },
  };
  const executable = await engine.compile(program);
  const x = new Float32Array(SIDE * SIDE).fill(1 / SIDE);
  let best = Infinity;
  try {
    for (let run = 0; run < 4; run++) {
      const started = performance.now();
      await executable.run({ x });
      // The first run also compiles shaders and makes threads.
      if (run > 0) best = Math.min(best, performance.now() - started);
    }
  } finally {
    await executable.dispose();
    await engine.dispose();
  }
  return { gflops: (2 * SIDE ** 3 * PRODUCTS) / best / 1e6 };
}
