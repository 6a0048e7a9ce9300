import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  admitNode,
  allowStudy,
  type DemoSite,
  type ManagedProcess,
  nodeDirectoryOf,
  phantomImages,
  startNode,
  takeIn,
} from '@fedistl/cli';
import { type PeopleClient } from '@fedistl/client';
import { NodeControl, type NodeStatus } from '@fedistl/client/node';
import { parsePixelSpec } from '@fedistl/imaging';
import { type StudyPlan } from '@fedistl/protocol';

/** Seconds do not matter to a tiny network. */
const QUICK = { FEDISTL_NODE_POLL_SECONDS: '0.4', FEDISTL_NODE_HEARTBEAT_SECONDS: '1' };

/** A hospital with phantoms and a node of its own process. */
export class TestHospital {
  private running: ManagedProcess | undefined;

  constructor(
    readonly site: DemoSite,
    /** The coordinator, or a proxy in front of it. */
    private readonly coordinatorUrl: string,
  ) {}

  get process(): ManagedProcess | undefined {
    return this.running;
  }

  async join(administrator: PeopleClient, plan: StudyPlan, planHash: string): Promise<void> {
    await admitNode(this.site, administrator);
    await allowStudy(this.site, plan.studyId, plan, planHash);
  }

  start(env: Readonly<Record<string, string | undefined>> = {}): ManagedProcess {
    this.running = startNode(this.site, this.coordinatorUrl, { ...QUICK, ...env });
    return this.running;
  }

  async status(): Promise<NodeStatus> {
    return (await NodeControl.open(nodeDirectoryOf(this.site))).status();
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  /** Ends the node as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.running?.kill('SIGKILL');
    await this.running?.exited;
  }
}

/** Imported data sets of `count` sites; the first `labelled` of them keep their training labels. */
export async function hospitalSites(
  directory: string,
  plan: StudyPlan,
  { count = 2, labelled = count, images = 40 * count }: { count?: number; labelled?: number; images?: number } = {},
): Promise<DemoSite[]> {
  const sites = Array.from({ length: count }, (_, place) => ({
    siteId: `site-${place + 1}`,
    displayName: `Site ${place + 1}`,
    labelled: place < labelled,
    directory: path.join(directory, `site-${place + 1}`),
  }));
  mkdirSync(directory, { recursive: true });
  const pixels = parsePixelSpec(plan.training.views.pixels);
  const shares = await phantomImages({
    directory,
    sites,
    count: images,
    size: pixels.size,
    seed: 7,
    task: 'tuberculosis',
    onProgress: () => undefined,
  });
  for (const share of shares) await takeIn(share, { pixels, folds: Math.max(1, plan.schedule.generations) });
  return sites;
}

/** The same hospitals with the same images in another folder, before they enrolled. */
export function copySites(sites: readonly DemoSite[], directory: string): DemoSite[] {
  return sites.map((site) => {
    const copy = path.join(directory, site.siteId);
    cpSync(site.directory, copy, { recursive: true });
    return { ...site, directory: copy };
  });
}
