import { type EgressAnswer, type NodeStatus } from '@fedistl/client/node';
import { engineLabel } from '@fedistl/compute';
import { fingerprintOf } from '@fedistl/crypto';
import { listDataSets, summariseDataSet } from '@fedistl/imaging';
import { type SiteActivity } from '@fedistl/protocol';
import { type EvaluationStore } from '../evaluations/evaluation-store';
import { type Heartbeat } from '../heartbeat/heartbeat';
import { safeError } from '../log/safe-error';
import { type RoundStore } from '../rounds/round-store';
import { roundFacts } from '../rounds/round-runner';
import { type StudyWatch } from '../studies/study-watch';
import { type SiteContext } from '../tasks/site-context';
import { type WorkLoop } from '../tasks/work-loop';

/** Rows that the page shows of each list. */
const MOST_ROWS = 30;
const MOST_EGRESS_ROWS = 500;
/** Counting images reads the index; the page asks every two seconds, ms. */
const COUNT_EVERY_MS = 15_000;

export interface StatusParts {
  readonly site: SiteContext;
  readonly baseUrl: string;
  readonly studies: StudyWatch;
  readonly work: WorkLoop;
  readonly heartbeat: Heartbeat;
  readonly rounds: RoundStore;
  readonly evaluations: EvaluationStore;
}

/** Gathers what the local page shows. */
export class StatusReport {
  #dataSets: NodeStatus['dataSets'] = [];
  #countedAt = 0;

  constructor(private readonly parts: StatusParts) {}

  async status(): Promise<NodeStatus> {
    const { site, baseUrl, studies, work, heartbeat } = this.parts;
    const { link } = work;
    return {
      siteId: site.siteId,
      fingerprint: fingerprintOf(site.identity.public),
      software: site.engine.capabilities().software,
      coordinator: {
        url: baseUrl,
        proxy: site.route.proxyFor(baseUrl),
        fingerprint: fingerprintOf(site.coordinator),
        link: link.state,
        reason: link.state === 'waiting' ? { code: link.code, message: link.message } : null,
        socket: site.socket.connected,
        lastHeartbeatAt: heartbeat.lastAnswerAt,
      },
      paused: site.state.paused,
      activity: activityOf(site, work),
      progress: work.current?.progress() ?? null,
      engine: { name: engineLabel(site.engine.options), reason: site.engine.reason },
      policy: await site.policy().catch((error: unknown) => safeError(error)),
      studies: studies.standings.map((study) => ({ ...study, reasons: [...study.reasons] })),
      rounds: (await this.parts.rounds.list()).slice(0, MOST_ROWS).map((position) => ({
        ...roundFacts(position),
        stage: position.stage,
        crashes: position.crashes,
        reasons: position.reasons,
        updatedAt: position.updatedAt,
      })),
      evaluations: (await this.parts.evaluations.list())
        .slice(0, MOST_ROWS)
        .map(({ order: { studyId, generation }, stage, reasons, updatedAt }) => ({
          studyId,
          generation,
          stage,
          reasons,
          updatedAt,
        })),
      dataSets: this.#countDataSets(),
      egress: { entries: site.egress.entries.length, head: site.egress.head, bytesByClass: this.#bytesByClass() },
      recent: [...site.log.recent],
    };
  }

  /** The newest first. */
  egress(): EgressAnswer {
    const { egress } = this.parts.site;
    return { head: egress.head, entries: egress.entries.slice(-MOST_EGRESS_ROWS).reverse() };
  }

  #bytesByClass(): Record<string, number> {
    const bytes: Record<string, number> = {};
    for (const entry of this.parts.site.egress.entries) bytes[entry.class] = (bytes[entry.class] ?? 0) + entry.bytes;
    return bytes;
  }

  #countDataSets(): NodeStatus['dataSets'] {
    if (Date.now() - this.#countedAt < COUNT_EVERY_MS) return this.#dataSets;
    const { dataDirectory } = this.parts.site.config;
    this.#dataSets = listDataSets(dataDirectory).map((name) => {
      const { found, usable, quarantined } = summariseDataSet(dataDirectory, name);
      return { name, found, usable, quarantined };
    });
    this.#countedAt = Date.now();
    return this.#dataSets;
  }
}

/** What the node says that it does. */
export function activityOf(site: SiteContext, { current }: Pick<WorkLoop, 'current'>): SiteActivity {
  if (current !== null) return current.activity();
  return site.state.paused === null ? { kind: 'idle' } : { kind: 'paused', reason: site.state.paused };
}
