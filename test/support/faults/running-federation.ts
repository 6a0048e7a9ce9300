import { readFileSync } from 'node:fs';
import path from 'node:path';
import { demoPeople, type DemoPeople, type RunningCoordinator, startCoordinator, waitUntil } from '@fedistl/cli';
import { type TestHospital } from '../federation/test-hospital';

export type Env = Readonly<Record<string, string | undefined>>;

const DEATH_MS = 600_000;
const COORDINATOR_ENV = {
  FEDISTL_ENVIRONMENT: 'development',
  // What a killed coordinator was at is taken up again after so long.
  FEDISTL_JOB_LEASE_SECONDS: '5',
  FEDISTL_RATE_PER_MINUTE: '1000000',
  FEDISTL_LOGIN_RATE_PER_MINUTE: '1000000',
};

/** Coordinator and nodes of one run, and what may be done to them. */
export class RunningFederation {
  private constructor(
    private readonly directory: string,
    private readonly port: number,
    private readonly hospitals: readonly TestHospital[],
    private coordinator: RunningCoordinator,
  ) {}

  /** @param env of the coordinator and of the first hospital's node */
  static async start(
    directory: string,
    port: number,
    hospitals: readonly TestHospital[],
    env: { coordinator?: Env; node?: Env },
  ): Promise<RunningFederation> {
    const coordinator = await startCoordinator(coordinatorOptions(directory, port, env.coordinator));
    for (const [place, hospital] of hospitals.entries()) hospital.start(place === 0 ? env.node : {});
    return new RunningFederation(directory, port, hospitals, coordinator);
  }

  people(): Promise<DemoPeople> {
    return demoPeople(this.directory, this.coordinator.baseUrl, this.coordinator.firstToken);
  }

  /** Waits until the coordinator was killed at its fault point, and starts it again without one. */
  async replaceCoordinator(): Promise<void> {
    const dead = this.coordinator.process;
    await waitUntil(() => dead.exit, { what: 'the coordinator to be killed', timeoutMs: DEATH_MS });
    if (dead.exit?.signal !== 'SIGKILL') throw new Error(`expected SIGKILL, got ${JSON.stringify(dead.exit)}`);
    this.coordinator = await startCoordinator(coordinatorOptions(this.directory, this.port, {}));
  }

  /** The same for the first hospital's node. */
  async replaceNode(): Promise<void> {
    const [hospital] = this.hospitals;
    const dead = hospital?.process;
    await waitUntil(() => dead?.exit, { what: 'the node to be killed', timeoutMs: DEATH_MS });
    if (dead?.exit?.signal !== 'SIGKILL') throw new Error(`expected SIGKILL, got ${JSON.stringify(dead?.exit)}`);
    hospital?.start();
  }

  /** Waits until the first hospital's training process was killed; the node goes on by itself. */
  async trainingWasKilled(): Promise<void> {
    const crashed = async (): Promise<boolean> => {
      const status = await this.hospitals[0]?.status().catch(() => null);
      return status?.rounds.some(({ crashes }) => crashes > 0) === true;
    };
    await waitUntil(crashed, { what: 'a training process to be killed', timeoutMs: DEATH_MS, everyMs: 50 });
  }

  /** Ends the database server at once, as a crash of its machine would, while a round is open. */
  async killDatabase(): Promise<void> {
    const people = await this.people();
    const isOpen = async (): Promise<boolean> => {
      const { studies } = await people.reviewer.listStudies();
      const [study] = studies;
      if (study === undefined) return false;
      const { rounds } = await people.reviewer.studyRounds(study.studyId);
      return rounds.some(({ phase }) => phase === 'collecting');
    };
    await waitUntil(isOpen, { what: 'an open round', timeoutMs: DEATH_MS, everyMs: 50 });
    const note = path.join(this.directory, 'coordinator', 'postgres', 'data', 'postmaster.pid');
    process.kill(Number(readFileSync(note, 'utf8').split('\n')[0]), 'SIGKILL');
    this.coordinator.process.kill('SIGKILL');
    await this.replaceCoordinator();
  }

  async stop(): Promise<void> {
    await Promise.all(this.hospitals.map((hospital) => hospital.stop()));
    await this.coordinator.process.stop(30_000);
  }
}

function coordinatorOptions(directory: string, port: number, env: Env = {}): Parameters<typeof startCoordinator>[0] {
  return { directory: path.join(directory, 'coordinator'), port, env: { ...COORDINATOR_ENV, ...env } };
}
