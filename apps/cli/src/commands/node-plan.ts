import path from 'node:path';
import { DomainError, parseJson, parsePlanHash, type PlanHash } from '@fedistl/core';
import { FileError, readTextFile } from '@fedistl/core/node';
import { envelopeSchema, planHash, type StudyPlan, studyPlanSchema } from '@fedistl/protocol';
import { type Command } from 'commander';
import { addNodeDirectory, nodeDirectory, type NodeFlags } from './node';

/** Adds `fedistl node plan`: what people read before they allow it. */
export function registerNodePlan(node: Command): void {
  addNodeDirectory(
    node
      .command('plan')
      .description('print a plan that came from the coordinator, to read before "node policy allow"')
      .argument('<hash>', 'plan hash, as "node status" prints it'),
  ).action(async (hash: string, flags: NodeFlags) => {
    const plan = await readReceivedPlan(path.join(nodeDirectory(flags), 'plans'), parsePlanHash(hash));
    console.log(JSON.stringify(plan, null, 2));
  });
}

/**
 * A plan that the node keeps. The node checked the coordinator's signature before it kept it; here the hash is checked, which is
 * what the policy allows.
 *
 * @throws DomainError `COMMAND.PLAN` when there is none of this hash, or a file that has another
 */
export async function readReceivedPlan(directory: string, hash: PlanHash): Promise<StudyPlan> {
  const file = path.join(directory, `${hash}.json`);
  const text = await readTextFile(file).catch((cause: unknown) => {
    if (!(cause instanceof FileError && cause.code === 'FILE.NOT_FOUND')) throw cause;
    const message = `${file}: expected a plan that the running node received, got no file; "node status" lists them`;
    throw new DomainError('COMMAND.PLAN', message, { cause });
  });
  const plan = planIn(text);
  if (plan !== undefined && planHash(plan) === hash) return plan;
  throw new DomainError('COMMAND.PLAN', `${file}: expected the plan of this hash, got another content`);
}

function planIn(text: string): StudyPlan | undefined {
  const envelope = envelopeSchema.safeParse(parseJson(text));
  if (!envelope.success) return undefined;
  const content = Buffer.from(envelope.data.payload, 'base64').toString('utf8');
  return studyPlanSchema.safeParse(parseJson(content)).data;
}
