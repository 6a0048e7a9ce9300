import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeControl } from '@fedistl/client/node';
import { parseSiteId, parseStudyId } from '@fedistl/core';
import { planHash, type SitePolicy } from '@fedistl/protocol';
import { loadNodeConfig, type NodeConfig } from '../config/node-config';
import { confirmFingerprint, enrolNode } from '../enrolment/enrol-node';
import { type RunningNode, startNode } from '../start-node';
import { assignDataSet } from '../studies/assignments';
import { importSiteImages } from './site-images';
import { SpecCoordinator } from './spec-coordinator';
import { tinyPlan } from './tiny-plan';

/** The data sets of a spec file's nodes: `chest`, and `handful`, which is too small to measure by. */
export class SpecImages {
  private constructor(
    readonly root: string,
    readonly dataDirectory: string,
  ) {}

  static async make(): Promise<SpecImages> {
    const root = mkdtempSync(path.join(tmpdir(), 'fedistl-node-'));
    const dataDirectory = await importSiteImages(root);
    await importSiteImages(root, { name: 'handful', count: 8 });
    return new SpecImages(root, dataDirectory);
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** An enrolled node whose policy allows the study `tiny`, with the data set `chest` assigned to it, and its coordinator. */
export class SpecNode {
  #running: RunningNode | undefined;
  #control: NodeControl | undefined;

  private constructor(
    readonly coordinator: SpecCoordinator,
    readonly config: NodeConfig,
    /** Of the site's key, in groups to read out. */
    readonly siteFingerprint: string,
  ) {}

  static async enrol({ root, dataDirectory }: SpecImages): Promise<SpecNode> {
    const coordinator = await SpecCoordinator.start(tinyPlan());
    const config = await loadNodeConfig({
      environment: {},
      given: {
        directory: mkdtempSync(path.join(root, 'site-')),
        dataDirectory,
        pagePort: 0,
        engine: 'onnxruntime',
        threads: 1,
        pollSeconds: 0.1,
        heartbeatSeconds: 0.5,
        logLevel: 'silent',
      },
    });
    const pin = { identity: coordinator.identity.public, ledgerKey: '' };
    const { siteFingerprint } = await enrolNode({
      config,
      siteId: parseSiteId('site-a'),
      baseUrl: coordinator.url,
      code: 'AAAAA-BBBBB-CCCCC-DDDDD',
      confirm: ({ fingerprint }) => confirmFingerprint(fingerprint)({ ...pin, fingerprint }),
    });
    const node = new SpecNode(coordinator, config, siteFingerprint);
    node.changePolicy({
      allowedStudies: [parseStudyId('tiny')],
      allowedPlanHashes: [planHash(coordinator.plan)],
      minimumPeers: 0,
    });
    await node.assign('chest');
    return node;
  }

  /** Of the running node. */
  get control(): NodeControl {
    if (this.#control === undefined) throw new Error('the node was not started');
    return this.#control;
  }

  async start(): Promise<void> {
    this.#running = await startNode(this.config);
    this.#control = await NodeControl.open(this.config.directory);
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    await this.coordinator.stop();
  }

  changePolicy(changes: Partial<SitePolicy>): void {
    const file = path.join(this.config.directory, 'policy.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as SitePolicy), ...changes }));
  }

  assign(dataSet: string): Promise<void> {
    const file = path.join(this.config.directory, 'studies.json');
    return assignDataSet(file, parseStudyId('tiny'), { dataSet, positive: null });
  }

  async until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
    for (let turn = 0; turn < 600; turn++) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`waited in vain; the node says ${JSON.stringify(await this.control.status())}`);
  }
}
