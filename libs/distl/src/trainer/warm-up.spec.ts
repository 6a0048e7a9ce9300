import { smallRun } from './testing/small-run';
import { type TrainEvent } from './train-events';

/** The events of a small run, by kind. */
async function eventsOf(changes: Readonly<Record<string, unknown>>) {
  const events: TrainEvent[] = [];
  const ended: number[] = [];
  await smallRun({
    behaviour: 'recommended',
    changes,
    onEvent: (event) => events.push(event),
    onStageEnd: (stage) => {
      ended.push(stage);
      return Promise.resolve();
    },
  });
  const ofKind = <K extends TrainEvent['kind']>(kind: K) =>
    events.filter((event): event is Extract<TrainEvent, { kind: K }> => event.kind === kind);
  return { ended, ofKind };
}

it('self-supervision comes before T = initial, without labels or pseudo-labels, and changes where that starts', async () => {
  const warm = await eventsOf({ selfSupervision: { epochs: 2, folds: 2 } });
  const cold = await eventsOf({});
  expect(warm.ofKind('stage-started').map(({ stage }) => stage)).toEqual([-1, 0, 1, 2]);
  expect(warm.ended).toEqual([0, 1, 2]);
  const first = warm.ofKind('epoch').filter(({ stage }) => stage === -1);
  expect(first).toHaveLength(2);
  for (const { dino, pseudoPositive, correction, effectiveRank, targetInformation, loss } of first) {
    expect(loss).toBeCloseTo(dino ?? NaN, 5);
    expect([pseudoPositive, correction]).toEqual([null, null]);
    expect(effectiveRank).toBeGreaterThanOrEqual(1);
    expect(targetInformation).toBeGreaterThanOrEqual(0);
  }
  const lossOf = (run: typeof warm): number | undefined => run.ofKind('step').find(({ stage }) => stage === 0)?.loss;
  expect(lossOf(warm)).not.toBe(lossOf(cold));
});

it('a filter of pseudo-labels reports how many counted; what has no weight is not reported', async () => {
  const all = await eventsOf({ confidence: { positive: 0.5, negative: 0.5 } });
  const none = await eventsOf({ confidence: { positive: 1, negative: 1 } });
  const open = await eventsOf({ weights: { dino: 0 } });
  const retained = ({ ofKind }: typeof all) =>
    ofKind('epoch')
      .filter(({ stage }) => stage > 0)
      .map((e) => e.retained);
  expect(new Set(retained(all))).toEqual(new Set([1]));
  expect(new Set(retained(none))).toEqual(new Set([0]));
  expect(new Set(retained(open))).toEqual(new Set([null]));
  for (const { dino, teacherEntropy, targetInformation } of open.ofKind('epoch')) {
    expect([dino, teacherEntropy, targetInformation]).toEqual([null, null, null]);
  }
});
