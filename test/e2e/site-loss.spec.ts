import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeDirectoryOf, type ScriptedSite } from '@fedistl/cli';
import { type StudyPlan } from '@fedistl/protocol';
import { MixedFederation } from '../support/federation/mixed-federation';
import { type TestHospital } from '../support/federation/test-hospital';
import { tinyPlan, type TinyPlanOptions } from '../support/federation/tiny-plan';

jest.setTimeout(300_000);
const HOUR = 3600;
const both = ['survivor-a', 'survivor-b'];

/** A study of generation 0 alone, with one round of at least two sites. */
function oneRound(
  studyId: string,
  { quorum, deadlineSeconds, ...options }: TinyPlanOptions & { quorum: number; deadlineSeconds: number },
): StudyPlan {
  const initial = { rounds: 1, minimumSites: 2, quorum };
  return tinyPlan({ ...options, studyId, generations: 0, schedule: { initial, deadlineSeconds } });
}

describe('a hospital killed for good', () => {
  let federation: MixedFederation;
  let [hospital, other]: TestHospital[] = [];
  let [a, b]: ScriptedSite[] = [];
  const plans = {
    // More steps than anyone waits for: it is killed in the middle of them.
    training: oneRound('training', { quorum: 2, deadlineSeconds: HOUR, stepsPerRound: 20_000 }),
    claiming: oneRound('claiming', { quorum: 2, deadlineSeconds: 5 }),
    handedIn: oneRound('handed-in', { quorum: 3, deadlineSeconds: HOUR }),
    uploading: oneRound('uploading', { quorum: 3, deadlineSeconds: HOUR }),
  };
  const evaluating = oneRound('evaluating', { quorum: 2, deadlineSeconds: HOUR });

  beforeAll(async () => {
    federation = await MixedFederation.start(2);
    [hospital, other] = federation.hospitals;
    [a, b] = federation.survivors;
    await federation.join(hospital!, Object.values(plans));
    await federation.join(other!, [evaluating]);
  });
  afterAll(() => federation.stop());

  it('before it claims its round: another attempt after the deadline, and what came counts without a byte sent again', async () => {
    const plan = plans.claiming;
    await federation.begin(plan);
    const sent = await federation.handIn(a!, plan);
    const again = federation.handIn(a!, plan, { attempt: 2, upload: false });
    await Promise.all([again, federation.handIn(b!, plan, { attempt: 2 })]);
    expect(await again).toBe(sent);
    const { sites, attempt } = await federation.completed(plan);
    expect(sites).toEqual(both);
    expect(attempt).toBeGreaterThan(1);
    // It has a hold-out and does not answer either: at the deadline the candidate is judged by who did.
    await Promise.all([federation.report(a!, plan), federation.report(b!, plan)]);
    expect(await federation.ended(plan)).toEqual({ state: 'completed', decision: 'promoted', reports: both });
  });

  it('while it trains: the others are a quorum, and the round waits for nobody', async () => {
    const plan = plans.training;
    hospital!.start();
    await federation.begin(plan);
    await federation.until('some steps of training', async () => {
      const status = await hospital!.status().catch(() => null);
      return (status?.progress?.step ?? 0) > 1;
    });
    await hospital!.kill();
    for (const site of federation.survivors) await federation.handIn(site, plan);
    expect(await federation.completed(plan)).toEqual({ attempt: 1, sites: both });
    await federation.cancel(plan);
  });

  it('after it handed in: its update counts', async () => {
    const plan = plans.handedIn;
    const { siteId } = hospital!.site;
    hospital!.start();
    await federation.begin(plan);
    await federation.until('its update', async () =>
      (await federation.round(plan))?.updates.some((update) => update.siteId === siteId),
    );
    await hospital!.kill();
    for (const site of federation.survivors) await federation.handIn(site, plan);
    expect(await federation.completed(plan)).toEqual({ attempt: 1, sites: [siteId, ...both] });
    const { models } = await federation.coordinator.people.reviewer.studyModels(plan.studyId);
    expect(models.flatMap(({ lineage }) => lineage.contributions.map((each) => each.siteId))).toContain(siteId);
    await federation.cancel(plan);
  });

  it('while it uploads: the round waits until two people strike it off, and closes with what is there', async () => {
    const plan = plans.uploading;
    uploadSlowly(hospital!);
    hospital!.start();
    await federation.begin(plan);
    const uploads = path.join(federation.coordinator.directory, 'coordinator', 'uploads');
    const part = await federation.until('a part of its update', () => Promise.resolve(partIn(uploads)));
    await hospital!.kill();
    for (const site of federation.survivors) await federation.handIn(site, plan);
    // Enough, but no quorum: until the deadline there is hope for the third.
    expect(await federation.round(plan)).toMatchObject({ phase: 'collecting', updates: [{}, {}] });
    await federation.strikeOff(hospital!.site.siteId);
    expect(await federation.completed(plan)).toEqual({ attempt: 1, sites: both });
    expect(statSync(part).size).toBeLessThan(sizeOf(part));
    await federation.cancel(plan);
  });

  it('while it evaluates: the candidate is judged by the others once it is struck off', async () => {
    const { siteId } = other!.site;
    await federation.begin(evaluating);
    for (const site of federation.survivors) await federation.handIn(site, evaluating);
    await federation.completed(evaluating);
    const { exited } = other!.start({ FEDISTL_FAULT: 'node.evaluation-signed' });
    expect(await exited).toEqual({ code: null, signal: 'SIGKILL' });
    for (const site of federation.survivors) await federation.report(site, evaluating);
    expect(await federation.evaluation(evaluating)).toMatchObject({ decision: 'pending', awaited: [siteId] });
    await federation.strikeOff(siteId);
    expect(await federation.ended(evaluating)).toEqual({ state: 'completed', decision: 'promoted', reports: both });
  });
});

/** A hospital's own limit, so slow that an update takes seconds. */
function uploadSlowly({ site }: TestHospital): void {
  const file = path.join(nodeDirectoryOf(site), 'policy.json');
  const policy = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...policy, maximumUploadBytesPerSecond: 4096 }));
}

/** A file of the coordinator's that holds a part of an upload; null when there is none. */
function partIn(directory: string): string | null {
  const names = readdirSync(directory).filter((name) => /^[0-9a-f]{32}$/.test(name));
  const files = names.map((name) => path.join(directory, name));
  return files.find((file) => statSync(file).size > 0 && statSync(file).size < sizeOf(file)) ?? null;
}

function sizeOf(file: string): number {
  return (JSON.parse(readFileSync(`${file}.json`, 'utf8')) as { size: number }).size;
}
