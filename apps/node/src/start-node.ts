import { SiteClient, SiteSocket } from '@fedistl/client';
import { openRoute } from '@fedistl/client/node';
import { type NodeConfig } from './config/node-config';
import { dataPaths } from './config/data-paths';
import { EgressLedger } from './egress/egress-ledger';
import { readEnrolment } from './enrolment/pinned-coordinator';
import { EvaluationStore } from './evaluations/evaluation-store';
import { EvaluationTasks } from './evaluations/evaluation-tasks';
import { lockDirectory } from './files/directory-lock';
import { Heartbeat } from './heartbeat/heartbeat';
import { openSiteIdentity } from './identity/site-identity';
import { NodeLog } from './log/node-log';
import { NodePage } from './page/node-page';
import { activityOf, StatusReport } from './page/node-status';
import { readPolicy } from './policy/policy-file';
import { RoundStore } from './rounds/round-store';
import { RoundTasks } from './rounds/round-tasks';
import { NodeState } from './state/node-state';
import { PlanStore } from './studies/plan-store';
import { StudyWatch } from './studies/study-watch';
import { TrainingEngine } from './training/training-engine';
import { BlobCache } from './transfer/blob-cache';
import { BlobKeeper } from './transfer/blob-keeper';
import { type SiteContext } from './tasks/site-context';
import { WorkLoop } from './tasks/work-loop';

export interface RunningNode {
  /** Address of the local page. */
  readonly pageUrl: string;
  /** Stops what is at hand, with its position on the disk, and resolves when nothing of the node runs any more. */
  stop(): Promise<void>;
}

/**
 * Starts the hospital's service: it finds its work by asking, and goes on with what an earlier process left at any point.
 *
 * @throws NodeError `NODE.NOT_ENROLLED`, `NODE.RUNNING`, `NODE.NO_POLICY`, `NODE.BAD_FILE`, `NODE.EGRESS_BROKEN`,
 *   `NODE.PAGE_PORT`; KeyFileError; as `openRoute`
 */
export async function startNode(config: NodeConfig): Promise<RunningNode> {
  const paths = dataPaths(config.directory);
  const enrolment = await readEnrolment(paths.coordinator);
  const unlock = await lockDirectory(paths.lock);
  try {
    return await start(config, enrolment, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function start(
  config: NodeConfig,
  { siteId, coordinator, baseUrl: enrolledAt }: Awaited<ReturnType<typeof readEnrolment>>,
  unlock: () => Promise<void>,
): Promise<RunningNode> {
  const paths = dataPaths(config.directory);
  const baseUrl = config.coordinatorUrl ?? enrolledAt;
  const identity = await openSiteIdentity(paths, config.unlockSecretFile);
  const policy = () => readPolicy(paths.policy, siteId);
  await policy();
  const route = await openRoute(config, config.conventions);
  const egress = await EgressLedger.open(paths.egress);
  await egress.recordDaily('session');
  const log = NodeLog.open(config, siteId);
  const state = await NodeState.open(paths.state);
  const engine = await TrainingEngine.open(paths.engine, config);
  const ending = new AbortController();
  const { allowPlainHttp } = config;
  const coordinatorKey = coordinator.identity.keyId;
  const connection = { baseUrl, allowPlainHttp, fetch: route.fetch, signal: ending.signal };
  const client = new SiteClient({ ...connection, siteId, signer: identity, coordinatorKey });
  const hints: { wake: () => void } = { wake: () => undefined };
  const socket = new SiteSocket({
    baseUrl,
    allowPlainHttp,
    tokens: client.tokens,
    agent: route.agentFor(baseUrl),
    onHint: () => {
      hints.wake();
    },
  });
  const site: SiteContext = {
    config,
    paths,
    siteId,
    identity,
    coordinator: coordinator.identity,
    client,
    route,
    socket,
    egress,
    state,
    plans: new PlanStore(paths.plans, coordinator.identity),
    blobs: new BlobCache(paths.blobs, client, route),
    engine,
    log,
    policy,
    now: () => new Date(),
  };
  const rounds = new RoundStore(paths.rounds);
  const evaluations = new EvaluationStore(paths.evaluations);
  const studies = new StudyWatch(site);
  const keeper = new BlobKeeper(site.blobs, rounds, evaluations);
  const work = new WorkLoop(
    site,
    studies,
    [new RoundTasks(site, rounds), new EvaluationTasks(site, evaluations)],
    keeper,
  );
  hints.wake = () => {
    work.hint();
  };
  const heartbeat = new Heartbeat(site, () => activityOf(site, work));
  const report = new StatusReport({ site, baseUrl, studies, work, heartbeat, rounds, evaluations });
  const page = await NodePage.start(paths, config.pagePort, {
    status: () => report.status(),
    egress: () => report.egress(),
    pause: async (reason) => {
      await state.pause(reason);
      log.info('paused by a person');
      return { paused: state.paused };
    },
    resume: async () => {
      await state.resume();
      log.info('resumed by a person');
      work.hint();
      return { paused: state.paused };
    },
  }).catch((error: unknown) => {
    socket.close();
    route.close();
    throw error;
  });
  log.info('node started', { engine: engine.reason, proxy: route.proxyFor(baseUrl) });
  const running = Promise.all([work.run(ending.signal), heartbeat.run(ending.signal)]);
  return {
    pageUrl: page.url,
    stop: async () => {
      ending.abort();
      socket.close();
      await running;
      route.close();
      await page.stop();
      await unlock();
      log.info('node stopped');
    },
  };
}
