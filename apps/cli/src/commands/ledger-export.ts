import { writeFileAtomic } from '@fedistl/core/node';
import { type Command } from 'commander';
import { addConnectionOptions, connect, type ConnectionFlags, show } from './people-connection';

interface ExportFlags extends ConnectionFlags {
  readonly out: string;
}

/** Adds `fedistl ledger export`: the whole history of a coordinator in one file. */
export function registerLedgerExport(ledger: Command): void {
  addConnectionOptions(
    ledger
      .command('export')
      .description('fetch the ledger of a coordinator; check it with "fedistl ledger verify"')
      .requiredOption('--out <file>', 'where to'),
  ).action(async (flags: ExportFlags) => {
    const client = await connect(flags);
    const [text, card] = [await client.ledgerExport(), await client.coordinatorCard()];
    await writeFileAtomic(flags.out, [Buffer.from(text)]);
    const answer = { out: flags.out, bytes: Buffer.byteLength(text), ledgerKey: card.ledgerKey };
    show(flags, answer, ({ out, bytes, ledgerKey }) => [
      `${out}: ${bytes} bytes`,
      `check it offline: fedistl ledger verify ${out} --key ${ledgerKey}`,
    ]);
  });
}
