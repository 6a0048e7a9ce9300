import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type DemoSite, nodeDirectoryOf, waitUntil } from '@fedistl/cli';
import { TcpProxy } from '@fedistl/client/testing';
import { DataSet } from '@fedistl/imaging';
import { TestCoordinator } from '../support/federation/test-coordinator';
import { hospitalSites, TestHospital } from '../support/federation/test-hospital';
import { tinyPlan } from '../support/federation/tiny-plan';
import { type Canary, findCanaries } from '../support/network/find-canary';

jest.setTimeout(900_000);

/** Bytes of an image that are long enough not to turn up by chance. */
const PIECE = 24;

describe('a federation of three hospitals', () => {
  let coordinator: TestCoordinator;
  let sites: DemoSite[];
  const proxies: TcpProxy[] = [];
  const hospitals: TestHospital[] = [];
  const plan = tinyPlan({
    studyId: 'whole',
    generations: 2,
    schedule: { initial: { rounds: 1, minimumSites: 1, quorum: 1 }, quorum: 3 },
  });

  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
    sites = await hospitalSites(path.join(coordinator.directory, 'hospitals'), plan, {
      count: 3,
      labelled: 1,
      images: 180,
    });
    const { planHash } = await coordinator.study(plan);
    for (const site of sites) {
      const proxy = await TcpProxy.start({ targetPort: coordinator.port, record: true });
      const hospital = new TestHospital(site, proxy.url);
      await hospital.join(coordinator.people.administrator, plan, planHash);
      proxies.push(proxy);
      hospitals.push(hospital);
    }
  });
  afterAll(async () => {
    await Promise.all(hospitals.map((hospital) => hospital.stop()));
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await coordinator.stop();
  });

  it('goes from labels at one of them to a teacher of all in generations 0 to 2, and loses one on the way', async () => {
    const { studyLead, reviewer } = coordinator.people;
    for (const hospital of hospitals) hospital.start();
    await coordinator.studyUntil('whole', 'all sites to join', (study) => study.participants.length === 3, 300_000);
    await studyLead.startStudy('whole');
    await waitUntil(
      async () =>
        (await reviewer.studyRounds('whole')).rounds.some(
          (round) => round.generation === 1 && round.phase === 'collecting',
        ),
      { what: 'generation 1', timeoutMs: 300_000, everyMs: 50 },
    );
    await hospitals[1]?.kill();
    hospitals[1]?.start();
    const ended = await coordinator.studyUntil('whole', 'its end', ({ state }) => state !== 'running', 600_000);
    expect(ended.state).toBe('completed');
    const { generations } = await reviewer.studyEvaluations('whole');
    expect(generations.map(({ generation, reports }) => [generation, reports.length])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(generations.filter(({ decision }) => decision === 'pending')).toEqual([]);
    const { rounds } = await reviewer.studyRounds('whole');
    expect(rounds.map(({ generation, updates }) => [generation, updates.length])).toEqual([
      [0, 1],
      [1, 3],
      [2, 3],
    ]);
  });

  it('sends neither pixels nor anything that identifies a patient, a file or the data set', () => {
    for (const [place, site] of sites.entries()) {
      const canaries = canariesOf(site);
      expect(canaries.length).toBeGreaterThan(100);
      const sent = proxies[place]?.line.recordings.map(({ chunks }) => Buffer.concat(chunks)) ?? [];
      expect(sent.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(10_000);
      // The search itself works on this traffic: the site's own name is in it.
      const own = [{ name: 'site id', bytes: Buffer.from(site.siteId) }];
      expect(sent.flatMap((bytes) => findCanaries(bytes, own))).not.toEqual([]);
      expect(sent.flatMap((bytes) => findCanaries(bytes, canaries))).toEqual([]);
    }
  });

  it('has in its egress ledger what went out', () => {
    for (const site of sites) {
      const lines = readFileSync(path.join(nodeDirectoryOf(site), 'egress.jsonl'), 'utf8')
        .trim()
        .split('\n');
      const classes = lines.map((line) => (JSON.parse(line) as { class: string }).class);
      expect(new Set(classes)).toEqual(
        new Set([
          'enrolment',
          'session',
          'heartbeat',
          'progress',
          'participation',
          'update-blob',
          'update-manifest',
          'evaluation-report',
        ]),
      );
    }
  });
});

/** A row from the middle of every image, as bytes and as the numbers that a network is fed, and every name in the labels table. */
function canariesOf(site: DemoSite): Canary[] {
  const dataSet = DataSet.open({ dataDirectory: path.join(site.directory, 'data'), name: 'chest' });
  try {
    const selection = dataSet.select();
    const pixels = new Uint8Array(selection.imageBytes);
    const rows = selection.items.flatMap(({ id }, index): Canary[] => {
      selection.readPixels([index], pixels);
      const middle = (selection.imageSize * selection.imageSize) / 2;
      const row = pixels.slice(middle, middle + PIECE);
      // A row of one grey level could be anywhere.
      if (new Set(row).size < 4) return [];
      return [
        { name: `pixels of image ${id}`, bytes: Buffer.from(row) },
        { name: `numbers of image ${id}`, bytes: Buffer.from(Float32Array.from(row, (value) => value / 255).buffer) },
      ];
    });
    const table = path.join(site.directory, '..', 'phantoms', site.siteId, 'labels.csv');
    const [, ...lines] = readFileSync(table, 'utf8').trim().split('\n');
    const names = lines.flatMap((line) => {
      const [file = '', , , patient = ''] = line.split(',');
      return [path.basename(file), patient];
    });
    const words = [...new Set(names), 'chest', site.directory].map((text) => ({
      name: text,
      bytes: Buffer.from(text),
    }));
    return [...rows, ...words];
  } finally {
    dataSet.close();
  }
}
