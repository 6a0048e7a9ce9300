import path from 'node:path';
import { DomainError, parseJson, parsePlanHash, parseStudyId } from '@fedistl/core';
import { FileError, readTextFile, writeFileAtomic } from '@fedistl/core/node';
import { type SitePolicy, sitePolicySchema } from '@fedistl/protocol';
import { type Command } from 'commander';
import { countFromZero } from './engine-options';
import { addNodeDirectory, nodeDirectory, type NodeFlags } from './node';

interface AllowFlags extends NodeFlags {
  readonly study: string;
  readonly plan: string;
  readonly minimumPeers?: number;
  readonly minimumSteps?: number;
}

/** Adds `fedistl node policy show|allow|forbid`: what this hospital allows, in a file on its own disk. */
export function registerNodePolicy(node: Command): void {
  const policy = node.command('policy').description('what this hospital allows; nothing from outside can widen it');
  addNodeDirectory(policy.command('show').description('print the policy file')).action(async (flags: NodeFlags) => {
    console.log(JSON.stringify(await readPolicy(policyFile(flags)), null, 2));
  });
  addNodeDirectory(
    policy
      .command('allow')
      .description('allow a study under one plan, by its hash; read the plan first')
      .requiredOption('--study <id>', 'study id')
      .requiredOption('--plan <hash>', 'plan hash, as "node status" and "study show" print it')
      .option('--minimum-peers <n>', 'least number of other sites in a round, for all studies', countFromZero)
      .option('--minimum-steps <n>', 'least number of steps in a round, for all studies', countFromZero),
  ).action(allow);
  addNodeDirectory(
    policy.command('forbid').description('allow a study no longer').requiredOption('--study <id>', 'study id'),
  ).action(async ({ study, ...flags }: NodeFlags & { readonly study: string }) => {
    const file = policyFile(flags);
    const before = await readPolicy(file);
    const allowedStudies = before.allowedStudies.filter((allowed) => allowed !== study);
    if (allowedStudies.length === before.allowedStudies.length) {
      const allowed = before.allowedStudies.join(', ') || 'none';
      throw new DomainError('COMMAND.NOT_ALLOWED', `expected a study that is allowed (${allowed}), got ${study}`);
    }
    await writePolicy(file, { ...before, allowedStudies });
  });
}

async function allow({ study, plan, minimumPeers, minimumSteps, ...flags }: AllowFlags): Promise<void> {
  const file = policyFile(flags);
  const before = await readPolicy(file);
  const added = <T>(list: readonly T[], value: T): T[] => [...new Set([...list, value])];
  await writePolicy(file, {
    ...before,
    allowedStudies: added(before.allowedStudies, parseStudyId(study)),
    allowedPlanHashes: added(before.allowedPlanHashes, parsePlanHash(plan)),
    minimumPeers: minimumPeers ?? before.minimumPeers,
    minimumSteps: minimumSteps ?? before.minimumSteps,
  });
}

function policyFile(flags: NodeFlags): string {
  return path.join(nodeDirectory(flags), 'policy.json');
}

/** @throws DomainError `COMMAND.POLICY` naming the members that are wrong, or that there is none before the node has enrolled */
async function readPolicy(file: string): Promise<SitePolicy> {
  const text = await readTextFile(file).catch((cause: unknown) => {
    if (!(cause instanceof FileError && cause.code === 'FILE.NOT_FOUND')) throw cause;
    const message = `${file}: expected the policy of an enrolled site, got no file; "fedistl node enrol" makes it, --dir says where`;
    throw new DomainError('COMMAND.POLICY', message, { cause });
  });
  const result = sitePolicySchema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new DomainError('COMMAND.POLICY', `${file}: ${issues.join('; ')}`);
}

async function writePolicy(file: string, policy: SitePolicy): Promise<void> {
  await writeFileAtomic(file, [Buffer.from(`${JSON.stringify(sitePolicySchema.parse(policy), null, 2)}\n`)]);
  console.log(`${file}: studies ${policy.allowedStudies.join(', ') || 'none'}`);
}
