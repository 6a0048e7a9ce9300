/** A process of its own that trains two steps, and prints its peak memory and last loss: `remat` or `keep` as argument. */
import { createEngine } from '@fedistl/compute';
import { vitPreset } from '@fedistl/vit';
import { STEP_DEFAULTS } from '../../step/step-config';
import { benchStep } from '../bench-step';

async function main(): Promise<void> {
  const preset = vitPreset('mini', { prototypes: 64 });
  const engine = await createEngine({ engine: 'onnxruntime', threads: 1 });
  const result = await benchStep(
    engine,
    {
      ...STEP_DEFAULTS,
      model: { ...preset, depth: 8, embedDim: 96, imageSize: 128 },
      batch: 4,
      globalSize: 128,
      localSize: 64,
      localViews: 2,
      rematerialise: process.argv[2] === 'remat',
    },
    { warmup: 0, steps: 2 },
  );
  process.stdout.write(JSON.stringify(result));
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
