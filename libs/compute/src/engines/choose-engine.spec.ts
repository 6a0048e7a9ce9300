import { chooseEngine, probeEngine } from '../index';

const probes =
  (gflops: Record<string, number>) =>
  (options: {
    engine: string;
    provider?: string;
  }): Promise<{ options: never; label: string; gflops?: number; problem?: string }> => {
    const label = options.engine === 'onnxruntime' ? `onnxruntime-${options.provider ?? 'cpu'}` : options.engine;
    const found = gflops[label];
    return Promise.resolve({
      options: options as never,
      label,
      ...(found === undefined ? { problem: 'not here' } : { gflops: found }),
    });
  };

describe('chooseEngine', () => {
  it('takes a GPU that is clearly faster, and says by how much', async () => {
    const choice = await chooseEngine(probes({ 'onnxruntime-cpu': 100, 'onnxruntime-webgpu': 2000, wasm: 20 }));
    expect(choice.options).toEqual({ engine: 'onnxruntime', provider: 'webgpu' });
    expect(choice.reason).toContain('20.0 times the CPU');
  });

  it('keeps to the CPU beside a software device that calls itself a GPU', async () => {
    const choice = await chooseEngine(probes({ 'onnxruntime-cpu': 100, 'onnxruntime-webgpu': 30, wasm: 20 }));
    expect(choice.options).toEqual({ engine: 'onnxruntime', provider: 'cpu' });
    // A machine with the TensorFlow addon adds a word on it.
    expect(choice.reason).toMatch(
      /^onnxruntime-cpu: 100 GFLOP\/s on a matrix product; onnxruntime-cuda not available, onnxruntime-webgpu 30(, |$)/,
    );
  });

  it('falls back to WASM, and fails with every reason when nothing runs', async () => {
    expect((await chooseEngine(probes({ wasm: 20 }))).options).toEqual({ engine: 'wasm' });
    await expect(chooseEngine(probes({}))).rejects.toMatchObject({ code: 'COMPUTE.ENGINE_UNAVAILABLE' });
  });
});

describe('probeEngine', () => {
  it('measures in a process of its own', async () => {
    const found = await probeEngine({ engine: 'onnxruntime', provider: 'cpu' });
    expect(found.problem).toBeUndefined();
    expect(found.gflops).toBeGreaterThan(0);
  });

  it('reports an engine that does not run here, with the reason', async () => {
    const found = await probeEngine({ engine: 'onnxruntime', provider: 'cuda' });
    expect(found.gflops).toBeUndefined();
    expect(found.problem).toMatch(/cuda/i);
  });
});
