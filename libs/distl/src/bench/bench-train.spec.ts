import { createEngine } from '@fedistl/compute';
import { MINI_VIEWS, phantomSource } from '@fedistl/imaging';
import { vitPreset } from '@fedistl/vit';
import { parseTrainConfig } from '../config/parse-train-config';
import { benchTrain, type TrainBenchRound } from './bench-train';

it('times bare steps and the trainer in turns, round by round', async () => {
  const engine = await createEngine({ engine: 'onnxruntime', threads: 1 });
  const seen: TrainBenchRound[] = [];
  try {
    const result = await benchTrain(engine, {
      config: parseTrainConfig('recommended', { batch: 4 }),
      model: { ...vitPreset('mini', { prototypes: 32 }), embedDim: 48, depth: 1, imageSize: 32 },
      views: {
        ...MINI_VIEWS,
        global: { ...MINI_VIEWS.global, size: 32 },
        local: { ...MINI_VIEWS.local, size: 16, count: 1 },
      },
      // Fewer images than steps need: the trainer goes round them.
      images: phantomSource(9, 64),
      workers: 0,
      rounds: 3,
      steps: 4,
      warmup: 1,
      onRound: (round) => seen.push(round),
    });
    expect(result.rounds).toEqual(seen);
    expect(seen).toHaveLength(3);
    for (const { step, trainer } of seen) {
      expect(step).toBeGreaterThan(0);
      expect(trainer).toBeGreaterThan(0);
    }
    expect(result.ratio).toBe(seen.map(({ step, trainer }) => trainer / step).sort((a, b) => a - b)[1]);
  } finally {
    await engine.dispose();
  }
});
