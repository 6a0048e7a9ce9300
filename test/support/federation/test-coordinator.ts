import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createStudy,
  demoPeople,
  type DemoPeople,
  freePort,
  type RunningCoordinator,
  ScriptedSite,
  startCoordinator,
  waitUntil,
} from '@fedistl/cli';
import { type StudyPlan, type StudyView } from '@fedistl/protocol';

/** Rates that people do not reach, and tests do. */
const GENEROUS = { FEDISTL_RATE_PER_MINUTE: '1000000', FEDISTL_LOGIN_RATE_PER_MINUTE: '1000000' };

/** A coordinator with a PostgreSQL of its own in a folder of its own, as a process. */
export class TestCoordinator {
  private constructor(
    readonly directory: string,
    readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
    private running: RunningCoordinator,
    readonly people: DemoPeople,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<TestCoordinator> {
    const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-federation-'));
    mkdirSync(path.join(directory, 'tokens'));
    const port = await freePort();
    const all = { FEDISTL_ENVIRONMENT: 'development', ...GENEROUS, ...env };
    const running = await startCoordinator({ directory: path.join(directory, 'coordinator'), port, env: all });
    const people = await demoPeople(directory, running.baseUrl, running.firstToken);
    return new TestCoordinator(directory, port, all, running, people);
  }

  get baseUrl(): string {
    return this.running.baseUrl;
  }

  get process(): RunningCoordinator['process'] {
    return this.running.process;
  }

  /** Starts it again on the same port and data; the old process must have ended. */
  async restart(env: Readonly<Record<string, string | undefined>> = {}): Promise<void> {
    this.running = await startCoordinator({
      directory: path.join(this.directory, 'coordinator'),
      port: this.port,
      env: { ...this.env, ...env },
    });
  }

  async stop(): Promise<void> {
    await this.running.process.stop(30_000);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** An enrolled and approved site that sends made-up numbers. */
  async site(siteId: string): Promise<ScriptedSite> {
    const site = await ScriptedSite.create({ siteId, baseUrl: this.baseUrl });
    await site.admit(this.people.administrator);
    return site;
  }

  /** Created by the one person and approved by the other. */
  async study(plan: StudyPlan): Promise<StudyView> {
    await createStudy(this.people.studyLead, plan);
    return this.people.reviewer.approveStudy(plan.studyId);
  }

  /** The study as soon as `condition` holds. */
  async studyUntil(
    studyId: string,
    what: string,
    condition: (study: StudyView) => boolean,
    timeoutMs = 60_000,
  ): Promise<StudyView> {
    return waitUntil(
      async () => {
        const study = await this.people.reviewer.showStudy(studyId);
        return condition(study) ? study : null;
      },
      { what, timeoutMs, processes: [this.process] },
    );
  }
}
