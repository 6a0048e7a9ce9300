import { existsSync } from 'node:fs';
import path from 'node:path';
import { type PeopleClient } from '@fedistl/client';
import { type StudyPlan } from '@fedistl/protocol';
import { commandEntry } from '../processes/app-entry';
import { ManagedProcess } from '../processes/managed-process';
import { runCommand } from '../processes/run-command';
import { DATA_SET, dataDirectoryOf, type DemoSite } from './demo-site';

/** Keys, policy, state and ledger of the site's node. */
export function nodeDirectoryOf({ directory }: DemoSite): string {
  return path.join(directory, 'node');
}

/** Settings of the demo's nodes: quick to notice work, one thread each on a machine that they share. */
function environmentOf(site: DemoSite): Record<string, string> {
  return {
    FEDISTL_NODE_DIR: nodeDirectoryOf(site),
    FEDISTL_DATA_DIR: dataDirectoryOf(site),
    FEDISTL_NODE_PAGE_PORT: '0',
    FEDISTL_NODE_POLL_SECONDS: '1',
    FEDISTL_NODE_HEARTBEAT_SECONDS: '1',
    FEDISTL_ENGINE: 'onnxruntime',
    FEDISTL_THREADS: '1',
  };
}

/**
 * Enrols the site and has it approved, both fingerprints compared, as two people on the telephone would. A site that has
 * enrolled before is left as it is.
 */
export async function admitNode(site: DemoSite, administrator: PeopleClient): Promise<void> {
  if (existsSync(path.join(nodeDirectoryOf(site), 'coordinator.json'))) return;
  const { siteId, displayName } = site;
  const { code } = await administrator.createEnrolmentCode({ siteId, displayName, validSeconds: 3600 });
  const { fingerprint } = await administrator.coordinatorCard();
  const flags = ['--site', siteId, '--coordinator', administrator.rest.baseUrl, '--code', code];
  const printed = await runCommand(['node', 'enrol', ...flags, '--fingerprint', fingerprint], environmentOf(site));
  const siteFingerprint = /^this site +([\d -]+)$/m.exec(printed)?.[1];
  if (siteFingerprint === undefined) throw new Error(`expected a fingerprint of ${siteId}, got ${printed}`);
  await administrator.approveSite(siteId, siteFingerprint);
}

/** The hospital's word: this study's plan, with this data set. */
export async function allowStudy(site: DemoSite, studyId: string, plan: StudyPlan, planHash: string): Promise<void> {
  const env = environmentOf(site);
  // One of the sites alone holds labels, so that generation 0 has no peers; a real hospital would ask for some.
  const least = ['--minimum-peers', '0', '--minimum-steps', String(leastSteps(plan))];
  await runCommand(['node', 'policy', 'allow', '--study', studyId, '--plan', planHash, ...least], env);
  await runCommand(['node', 'assign', '--study', studyId, '--data', DATA_SET], env);
}

function leastSteps({ training }: StudyPlan): number {
  return Math.min(training.initial.stepsPerRound, training.generation.stepsPerRound);
}

/**
 * Starts the site's node as a process of its own.
 *
 * @param coordinatorUrl in place of the address at enrolment
 */
export function startNode(
  site: DemoSite,
  coordinatorUrl: string,
  env: Readonly<Record<string, string | undefined>> = {},
): ManagedProcess {
  return ManagedProcess.start({
    name: site.siteId,
    args: [commandEntry(), 'node', 'start'],
    env: { ...environmentOf(site), FEDISTL_COORDINATOR_URL: coordinatorUrl, ...env },
    logFile: path.join(site.directory, 'node.log'),
  });
}
