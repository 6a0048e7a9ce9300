import { text } from 'node:stream/consumers';
import { launchProcess } from '@fedistl/core/node';
import { type StepBenchResult } from './bench-step';

async function train(mode: 'remat' | 'keep'): Promise<StepBenchResult> {
  const child = launchProcess(require.resolve('./testing/step-memory-main'), [mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout!)) as StepBenchResult;
}

it('recomputation survives the optimiser of the runtime: the same losses in far less memory', async () => {
  const kept = await train('keep');
  const recomputed = await train('remat');
  expect(recomputed.firstLoss).toBeCloseTo(kept.firstLoss, 5);
  expect(recomputed.lastLoss).toBeCloseTo(kept.lastLoss, 4);
  // An optimiser that merged the recomputation with the forward pass would bring both to the same peak.
  expect(recomputed.peakRssMiB).toBeLessThan(0.85 * kept.peakRssMiB);
});
