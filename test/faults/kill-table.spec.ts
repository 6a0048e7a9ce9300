import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { FaultBench, type Outcome } from '../support/faults/fault-bench';
import { type FaultPoint, faultPoints } from '../support/faults/fault-points';
import { type ReliabilityRow, reliabilityPage } from '../support/faults/reliability-page';
import { type RunningFederation } from '../support/faults/running-federation';
import { tinyPlan } from '../support/federation/tiny-plan';

jest.setTimeout(900_000);
const page = path.resolve(__dirname, '../../docs/reliability.md');
const databaseRow = { victim: 'PostgreSQL and coordinator', name: '-', after: 'a round was open' };
const inTraining = ['node.training-step', 'train-round.update-written', 'train-round.result-written'];

describe('killed at every named step', () => {
  let bench: FaultBench;
  let undisturbed: Outcome;
  let again: Outcome;
  const passed = new Set<ReliabilityRow>();

  beforeAll(async () => {
    bench = await FaultBench.create(tinyPlan({ generations: 1 }));
    const run = (): Promise<Outcome> => bench.run({}, () => Promise.resolve());
    [undisturbed, again] = await Promise.all([run(), run()]);
  });
  afterAll(() => {
    bench.dispose();
    // A run of a part, or one with a failure, says nothing about the whole table.
    const rows = [...faultPoints, databaseRow];
    if (rows.every((row) => passed.has(row))) writeFileSync(page, reliabilityPage(rows, undisturbed));
  });

  it('undisturbed, a second run has the same teacher', () => {
    expect(again.teacherHash).toBe(undisturbed.teacherHash);
  });

  it.concurrent.each(faultPoints)('$victim, $name', async (point) => {
    const { victim, name } = point;
    const outcome = await bench.run({ [victim]: { FEDISTL_FAULT: name } }, (federation) => recover(point, federation));
    expect(outcome).toEqual(undisturbed);
    passed.add(point);
  });

  it('PostgreSQL and coordinator, in the middle of a round', async () => {
    const outcome = await bench.run({}, (federation) => federation.killDatabase());
    expect(outcome).toEqual(undisturbed);
    passed.add(databaseRow);
  });
});

function recover({ victim, name }: FaultPoint, federation: RunningFederation): Promise<void> {
  if (victim === 'coordinator') return federation.replaceCoordinator();
  return inTraining.includes(name) ? federation.trainingWasKilled() : federation.replaceNode();
}
