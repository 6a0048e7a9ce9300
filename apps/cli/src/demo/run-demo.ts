import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePort, isPortFree } from '../processes/free-port';
import { ProcessRegister } from '../processes/process-register';
import { ProgressBoard } from '../watch/progress-board';
import { type StudySnapshot } from '../watch/study-notes';
import { watchStudy } from '../watch/study-watcher';
import { DemoError } from './demo.errors';
import { type RunningCoordinator, startCoordinator } from './demo-coordinator';
import { prepareImages } from './demo-images';
import { verifyDemoLedger } from './demo-ledger';
import { admitNode, allowStudy } from './demo-node';
import { type DemoOptions } from './demo-options';
import { demoPeople, type DemoPeople } from './demo-people';
import { type DemoReport, generationResults, reportedConfidence } from './demo-report';
import { demoSites } from './demo-site';
import { DemoSites } from './demo-sites';
import { type DemoState, readDemoState, writeDemoState } from './demo-state';
import { ensureStudy, planOf, runStudy, STUDY } from './demo-study';

/** What the demo leaves for a look; everything is stopped when `afterwards` returns. */
export interface DemoResult {
  readonly report: DemoReport;
  readonly people: DemoPeople;
}

/**
 * Runs the demo: a coordinator and three hospital nodes as processes of their own, from images to the last generation. Goes on
 * where an earlier run stopped.
 *
 * @param afterwards called with everything still running
 * @throws DemoError; ProcessError when a process ended or did not get ready; what the coordinator refuses
 */
export async function runDemo(options: DemoOptions, afterwards: (result: DemoResult) => Promise<void>): Promise<void> {
  const started = performance.now();
  const { directory, signal } = options;
  const register = new ProcessRegister(path.join(directory, 'processes.json'));
  const alive = register.leftOver();
  const other = alive.find(({ name, pid }) => name === 'demo' && pid !== process.pid);
  if (other !== undefined) {
    throw new DemoError('DEMO.RUNNING', `a demo runs in ${directory} already (process ${other.pid}): stop it first`);
  }
  const ended = await register.endLeftOver();
  const board = new ProgressBoard(demoSites(directory).map(({ siteId }) => siteId));
  if (ended.length > 0) board.note(`ended what an earlier demo left running: ${ended.join(', ')}`);
  if (options.fresh) await rm(directory, { recursive: true, force: true });
  // The database runs under another account where the demo runs as root: it has to get through to its files.
  await mkdir(directory, { recursive: true, mode: 0o711 });
  await mkdir(path.join(directory, 'tokens'), { recursive: true, mode: 0o700 });
  register.add('demo', process.pid);
  const run = new DemoRun(options, register, board, started);
  try {
    const result = await run.toTheEnd();
    signal.throwIfAborted();
    await afterwards(result);
  } finally {
    await run.stop();
    register.clear();
  }
}

class DemoRun {
  private readonly sites;
  private coordinator: RunningCoordinator | undefined;
  private nodes: DemoSites | undefined;
  private firstTeacherAt: number | null = null;

  constructor(
    private readonly options: DemoOptions,
    private readonly register: ProcessRegister,
    private readonly board: ProgressBoard,
    private readonly started: number,
  ) {
    this.sites = demoSites(options.directory);
  }

  async toTheEnd(): Promise<DemoResult> {
    const { directory, signal } = this.options;
    let state = await readDemoState(this.options, this.options.port ?? (await freePort()));
    if (!state.hasImages) {
      const say = (text: string): void => {
        this.board.note(text);
      };
      await prepareImages(this.options, this.sites, planOf(this.options, new Date(0).toISOString()), say);
      state = { ...state, hasImages: true };
      await writeDemoState(directory, state);
    }
    signal.throwIfAborted();
    const { people, nodes } = await this.startAll(state);
    const wasPromoted = (await people.studyLead.showStudy(STUDY)).teacherHash !== null;
    const snapshot = await this.watch(people, nodes, state, async (killed) => {
      state = { ...state, killed };
      await writeDemoState(directory, state);
    });
    const bytesMoved = nodes.bytesMoved(state.bytesMoved);
    await writeDemoState(directory, { ...state, bytesMoved });
    const matrix = { generations: [...snapshot.generations] };
    const report: DemoReport = {
      synthetic: this.options.source === null,
      studyId: STUDY,
      generations: generationResults(matrix),
      confidence: reportedConfidence(matrix),
      seconds: (performance.now() - this.started) / 1000,
      secondsToFirstTeacher: wasPromoted ? null : this.firstTeacherAt,
      bytesMoved,
      killed: state.killed,
      ledger: await verifyDemoLedger(people.reviewer, path.join(directory, 'ledger.jsonl')),
      coordinator: people.reviewer.rest.baseUrl,
    };
    return { report, people };
  }

  async stop(): Promise<void> {
    await this.nodes?.stop();
    await this.coordinator?.process.stop(30_000);
  }

  private async startAll(state: DemoState): Promise<{ people: DemoPeople; nodes: DemoSites }> {
    const { directory, signal } = this.options;
    const port = (await isPortFree(state.port)) ? state.port : await freePort();
    this.board.note('starting the coordinator on its own PostgreSQL');
    const coordinator = await startCoordinator({ directory: path.join(directory, 'coordinator'), port, signal });
    this.coordinator = coordinator;
    this.register.add('coordinator', coordinator.process.pid);
    const people = await demoPeople(directory, coordinator.baseUrl, coordinator.firstToken);
    const study = await ensureStudy(people, this.options);
    for (const site of this.sites) {
      await admitNode(site, people.administrator);
      await allowStudy(site, study.studyId, planOf(this.options, study.createdAt), study.planHash);
    }
    this.board.note(`${this.sites.length} sites enrolled and approved; starting their nodes`);
    const nodes = new DemoSites(this.sites, this.register, port);
    this.nodes = nodes;
    await nodes.start();
    await runStudy(people, this.sites.length, this.options);
    return { people, nodes };
  }

  /** Follows the study to its end and loses a site on the way, once. */
  private async watch(
    people: DemoPeople,
    nodes: DemoSites,
    state: DemoState,
    onKilled: (killed: DemoState['killed']) => Promise<void>,
  ): Promise<StudySnapshot> {
    let { killed } = state;
    const snapshot = await watchStudy({
      client: people.reviewer,
      studyId: STUDY,
      board: this.board,
      signal: this.options.signal,
      onProgress: (siteId, progress) => {
        if (killed !== null) return;
        killed = nodes.loseInMidRound(siteId, progress);
        if (killed === null) return;
        this.board.note(`${siteId} was killed at step ${killed.step} of its round; it comes back in a moment`);
        void onKilled(killed);
      },
      onSnapshot: ({ generations }) => {
        if (this.firstTeacherAt !== null || !generations.some(({ decision }) => decision === 'promoted')) return;
        this.firstTeacherAt = (performance.now() - this.started) / 1000;
      },
    });
    const { state: ended, reason } = snapshot.study;
    if (ended === 'completed') return snapshot;
    throw new DemoError(
      'DEMO.STUDY_ENDED',
      `expected the study to be completed, it is ${ended}: ${reason?.message ?? ''}`,
    );
  }
}
