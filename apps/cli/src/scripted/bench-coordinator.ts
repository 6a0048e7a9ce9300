import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseStudyId } from '@fedistl/core';
import { type SiteSocket } from '@fedistl/client';
import { demoPlan, type StudyPlan } from '@fedistl/protocol';
import { createStudy } from '../commands/study-create';
import { startCoordinator } from '../demo/demo-coordinator';
import { demoPeople, type DemoPeople } from '../demo/demo-people';
import { freePort } from '../processes/free-port';
import { waitUntil } from '../processes/wait-until';
import { ScriptedSite } from './scripted-site';

export interface CoordinatorBenchOptions {
  /** For database, keys and blobs. */
  readonly directory: string;
  readonly sites: number;
  /** Of each site. */
  readonly heartbeats: number;
  readonly say: (text: string) => void;
}

export interface Measure {
  readonly name: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface CoordinatorBenchReport {
  readonly sites: number;
  readonly measures: readonly Measure[];
  /** Of the coordinator's process, without PostgreSQL; null where the system does not say. */
  readonly peakRssMiB: number | null;
  readonly updateBytes: number;
  readonly processors: number;
  readonly processor: string;
}

const STUDY = parseStudyId('bench');
/** Sites that enrol, upload and hand in at the same time. */
const AT_ONCE = 16;
const PATIENCE_MS = 600_000;

/** Everything that many sites ask of one coordinator in a round, by the calls of real nodes; nothing is learnt. */
export async function benchCoordinator(options: CoordinatorBenchOptions): Promise<CoordinatorBenchReport> {
  const { directory, say, heartbeats } = options;
  const env = { FEDISTL_RATE_PER_MINUTE: '1000000', FEDISTL_LOGIN_RATE_PER_MINUTE: '1000000' };
  const coordinator = await startCoordinator({ directory, port: await freePort(), env });
  const sockets: SiteSocket[] = [];
  try {
    const people = await demoPeople(directory, coordinator.baseUrl, coordinator.firstToken);
    const sites = await Promise.all(
      Array.from({ length: options.sites }, (_, n) =>
        ScriptedSite.create({ siteId: `site-${String(n + 1).padStart(4, '0')}`, baseUrl: coordinator.baseUrl }),
      ),
    );
    say(`${sites.length} sites enrol and are approved`);
    const enrolments = await timed(sites, (site) => site.admit(people.administrator), AT_ONCE);
    say('the study is created, all join');
    const plan = benchPlan(sites.length);
    await createStudy(people.studyLead, plan);
    await people.reviewer.approveStudy(STUDY);
    const counts = { labelled: 16, unlabelledByFold: [0, 16], holdOut: 0 };
    await timed(sites, (site) => site.client.joinStudy(STUDY, counts), AT_ONCE);
    const arrivals = new Map<string, number>();
    for (const site of sites) {
      sockets.push(site.connect(() => arrivals.set(site.siteId, performance.now())));
    }
    await waitUntil(() => sockets.every(({ connected }) => connected), { what: 'all sockets', timeoutMs: PATIENCE_MS });
    say(`${sockets.length} sockets connected; heartbeats`);
    const beats: number[] = [];
    const activity = { kind: 'idle' } as const;
    for (let beat = 0; beat < heartbeats; beat++) {
      beats.push(
        ...(await timed(sockets, (socket) => socket.heartbeat({ activity, capabilities: null }), sockets.length)),
      );
    }
    say('a round is opened to all');
    const opened = await roundToAll(people, sites, arrivals);
    say('all upload and hand in');
    const uploads: number[] = [];
    const handIns: number[] = [];
    let updateBytes = 0;
    await timed(
      sites,
      async (site) => {
        const [round] = await site.rounds();
        if (round === undefined) return;
        const update = site.makeUpdate(plan, round);
        updateBytes = update.blob.length;
        uploads.push(await elapsed(() => site.upload(update)));
        handIns.push(await elapsed(() => site.submit(update)));
      },
      AT_ONCE,
    );
    return {
      sites: sites.length,
      measures: [
        measure('enrolment and approval', enrolments),
        measure('heartbeat by socket, all sites at once', beats),
        measure('round opened to all: hint and signed manifest at the site', opened),
        measure(`upload of an update, ${AT_ONCE} at once`, uploads),
        measure('handing in a signed update', handIns),
      ],
      peakRssMiB: peakRss(coordinator.process.pid),
      updateBytes,
      processors: cpus().length,
      processor: cpus()[0]?.model.trim() ?? 'unknown',
    };
  } finally {
    for (const socket of sockets) socket.close();
    await coordinator.process.stop();
  }
}

/** From the start of the study until each site has read the round's manifest. */
async function roundToAll(
  { studyLead }: DemoPeople,
  sites: readonly ScriptedSite[],
  arrivals: Map<string, number>,
): Promise<number[]> {
  arrivals.clear();
  const started = performance.now();
  await studyLead.startStudy(STUDY);
  return Promise.all(
    sites.map(async (site) => {
      await waitUntil(() => arrivals.has(site.siteId), { what: 'a hint', timeoutMs: PATIENCE_MS, everyMs: 5 });
      await waitUntil(async () => (await site.rounds()).length > 0, { what: 'a round', timeoutMs: PATIENCE_MS });
      return performance.now() - started;
    }),
  );
}

/** The demo's network; generation 0 of every site. */
function benchPlan(sites: number): StudyPlan {
  const plan = demoPlan({ studyId: STUDY, title: 'Bench', finding: 'none', createdAt: '2026-01-01T00:00:00Z' });
  const { schedule } = plan;
  // One more than there are: the round stays open until the last update was measured.
  const initial = { rounds: 1, minimumSites: 1, quorum: sites + 1 };
  return { ...plan, schedule: { ...schedule, initial, deadlineSeconds: 3600 } };
}

async function timed<T>(items: readonly T[], work: (item: T) => Promise<unknown>, atOnce: number): Promise<number[]> {
  const times: number[] = [];
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const one = item;
      times.push(await elapsed(() => work(one)));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return times;
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function measure(name: string, times: readonly number[]): Measure {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { name, count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function peakRss(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const kibibytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) / 1024;
}
