import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type NodeConfig } from '../config/node-config';
import { TrainingEngine } from './training-engine';

const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-engine-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** An engine by settings; nothing of it is started. */
function engineOf(settings: Pick<NodeConfig, 'engine' | 'provider' | 'threads'>): Promise<TrainingEngine> {
  return TrainingEngine.open(path.join(directory, 'engine.json'), settings as NodeConfig);
}

it.each([
  ['webgpu', 0, 'cpu', 1],
  ['webgpu', 0.25, 'webgpu', 0.25],
  ['cuda', 1, 'cuda', 1],
  // The share is of a GPU: a processor is not rested.
  ['cpu', 0.25, 'cpu', 1],
] as const)('%s under a GPU share of %d', async (provider, share, used, deviceShare) => {
  const engine = await engineOf({ engine: 'onnxruntime', provider, threads: 2 });
  expect(engine.under(share)).toEqual({
    engine: { engine: 'onnxruntime', provider: used, threads: 2 },
    deviceShare,
  });
});
