import { type SiteClient, type SiteSocket } from '@fedistl/client';
import { type Route } from '@fedistl/client/node';
import { type SiteId } from '@fedistl/core';
import { type Identity, type PublicIdentity } from '@fedistl/crypto';
import { type SitePolicy } from '@fedistl/protocol';
import { type NodeConfig } from '../config/node-config';
import { type DataPaths } from '../config/data-paths';
import { type EgressLedger } from '../egress/egress-ledger';
import { type NodeLog } from '../log/node-log';
import { type NodeState } from '../state/node-state';
import { type PlanStore } from '../studies/plan-store';
import { type TrainingEngine } from '../training/training-engine';
import { type BlobCache } from '../transfer/blob-cache';

/** What every part of a running node works with. */
export interface SiteContext {
  readonly config: NodeConfig;
  readonly paths: DataPaths;
  readonly siteId: SiteId;
  readonly identity: Identity;
  /** The one key whose plans, manifests and orders count. */
  readonly coordinator: PublicIdentity;
  readonly client: SiteClient;
  /** The way to the coordinator, which client, socket and transfers all take. */
  readonly route: Route;
  readonly socket: SiteSocket;
  readonly egress: EgressLedger;
  readonly state: NodeState;
  readonly plans: PlanStore;
  readonly blobs: BlobCache;
  readonly engine: TrainingEngine;
  readonly log: NodeLog;
  /** The policy as its file is now. */
  readonly policy: () => Promise<SitePolicy>;
  readonly now: () => Date;
}
