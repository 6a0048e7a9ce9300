import { type ProposalView } from '@fedistl/protocol';
import { type Command } from 'commander';
import { printTable } from './dataset-tables';
import { addConnectionOptions, connect, type ConnectionFlags, show } from './people-connection';

interface DecisionFlags extends ConnectionFlags {
  readonly reason: string;
}

/** `fedistl proposal list|approve|refuse`: promotions, rollbacks and revocations take two people. */
export function registerProposal(program: Command): void {
  const proposal = program.command('proposal').description('what takes two people: promote, rollback, revoke a site');
  addConnectionOptions(proposal.command('list').description('all proposals, the newest first')).action(list);
  for (const [name, decide] of [
    ['approve', 'approveProposal'],
    ['refuse', 'refuseProposal'],
  ] as const) {
    addConnectionOptions(
      proposal
        .command(name)
        .description(`${name} another person's proposal`)
        .argument('<id>', 'from "proposal list"')
        .requiredOption('--reason <text>', 'in a sentence'),
    ).action(async (id: string, flags: DecisionFlags) => {
      const client = await connect(flags);
      const answer = await client[decide](id, flags.reason);
      show(flags, answer, ({ state }) => `proposal ${id}: ${state}`);
    });
  }
}

async function list(flags: ConnectionFlags): Promise<void> {
  const answer = await (await connect(flags)).listProposals();
  if (flags.json === true) {
    console.log(JSON.stringify(answer));
    return;
  }
  printTable(
    ['id', 'state', 'what', 'proposed by', 'reason', 'decided by'],
    answer.proposals.map((entry) => [
      entry.id,
      entry.state,
      actionText(entry),
      entry.proposedBy,
      entry.reason,
      entry.decidedBy ?? '-',
    ]),
  );
}

function actionText({ proposal }: ProposalView): string {
  return proposal.action === 'revoke-site'
    ? `revoke site ${proposal.siteId} (${proposal.cause})`
    : `${proposal.action} ${proposal.modelHash.slice(0, 12)} in ${proposal.studyId}`;
}
