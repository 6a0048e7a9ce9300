import { createEngine, type EngineName, type Program } from '@fedistl/compute';
import { clipFactors, globalClipFactor } from './clip';

const a = Float32Array.of(3, -4, 0); // norm 5
const b = Float32Array.of(0.6, 0.8); // norm 1

const program: Program = {
  name: 'clip',
  inputs: [
    { name: 'a', shape: [3] },
    { name: 'b', shape: [2] },
  ],
  body: (inputs) => {
    const gradients = [inputs.get('a'), inputs.get('b')];
    return { outputs: { own: clipFactors(gradients, 2), common: globalClipFactor(gradients, 2) } };
  },
};

it.each(['onnxruntime', 'wasm', 'js'] as EngineName[])('clips by own and by common norm on %s', async (engine) => {
  const clip = await (await createEngine({ engine })).compile(program);
  const outputs = await clip.run({ a, b });
  // min(1, 2/(5 + 1e-6)), min(1, 2/(1 + 1e-6)); min(1, 2/(√26 + 1e-6))
  expect(outputs.get('own')!.data[0]).toBeCloseTo(0.4, 6);
  expect(outputs.get('own')!.data[1]).toBe(1);
  expect(outputs.get('common')!.data[0]).toBeCloseTo(2 / Math.sqrt(26), 6);
  // Below the threshold nothing is scaled, zero gradients included.
  const small = await clip.run({ a: new Float32Array(3), b: b.map((x) => x / 2) });
  expect([...small.get('own')!.data, ...small.get('common')!.data]).toEqual([1, 1, 1]);
  await clip.dispose();
});
