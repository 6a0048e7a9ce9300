import { type TrainingProgress } from '@fedistl/protocol';
import { CountingRelay } from '../processes/counting-relay';
import { type ManagedProcess } from '../processes/managed-process';
import { type ProcessRegister } from '../processes/process-register';
import { startNode } from './demo-node';
import { type BytesMoved, type DemoReport } from './demo-report';
import { type DemoSite } from './demo-site';

/** How long the lost site stays away, ms. */
const AWAY_MS = 3000;
/** Share of its steps after which the site is killed. */
const KILLED_AT = 0.4;

/** The running nodes of the demo, each behind a relay that counts its bytes. */
export class DemoSites {
  private readonly processes = new Map<string, ManagedProcess>();
  private readonly relays = new Map<string, CountingRelay>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly sites: readonly DemoSite[],
    private readonly register: ProcessRegister,
    private readonly coordinatorPort: number,
  ) {}

  async start(): Promise<void> {
    for (const site of this.sites) {
      this.relays.set(site.siteId, await CountingRelay.start(this.coordinatorPort));
      this.startNode(site);
    }
  }

  get running(): ManagedProcess[] {
    return [...this.processes.values()];
  }

  /**
   * Kills the second site without a word once it is well within a round of generation 1, and starts it again a little later.
   *
   * @returns what was done, when it was done now
   */
  loseInMidRound(siteId: string, progress: TrainingProgress): DemoReport['killed'] {
    const site = this.sites[1];
    const { generation, step, steps } = progress;
    if (site?.siteId !== siteId || generation !== 1 || step < steps * KILLED_AT) return null;
    this.processes.get(siteId)?.kill('SIGKILL');
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.startNode(site);
    }, AWAY_MS);
    this.timers.add(timer);
    return { siteId, generation, step };
  }

  bytesMoved(before: Readonly<Record<string, BytesMoved>>): Record<string, BytesMoved> {
    const moved = this.sites.map(({ siteId }) => {
      const [old, relay] = [before[siteId], this.relays.get(siteId)];
      const sum = (key: keyof BytesMoved): number => (old?.[key] ?? 0) + (relay?.[key] ?? 0);
      return [siteId, { sent: sum('sent'), received: sum('received') }] as const;
    });
    return Object.fromEntries(moved);
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all([...this.processes.values()].map((running) => running.stop()));
    await Promise.all([...this.relays.values()].map((relay) => relay.stop()));
  }

  private startNode(site: DemoSite): void {
    const running = startNode(site, this.relays.get(site.siteId)?.url ?? '');
    this.register.add(site.siteId, running.pid);
    this.processes.set(site.siteId, running);
  }
}
