import { type LedgerVerification, toHex } from '@fedistl/crypto';
import { readKnownHead, readNoteKeys, verifyLedgerFile } from '@fedistl/crypto/node';
import { type Command, InvalidArgumentError } from 'commander';
import { registerLedgerExport } from './ledger-export';

interface VerifyFlags {
  readonly key: readonly string[];
  readonly witness: readonly string[];
  readonly quorum?: number;
  readonly known: readonly string[];
  readonly json: boolean;
}

/** `fedistl ledger`: what a hospital checks by itself, without a network. */
export function registerLedger(program: Command): void {
  const ledger = program.command('ledger').description('the signed, append-only record of a federation');
  registerLedgerExport(ledger);
  ledger
    .command('verify')
    .description('check an exported ledger offline; exits with 1 when anything is found')
    .argument('<file>', 'the export')
    .requiredOption('--key <key>', 'pinned key of the log: a verifier key, or a file of them; repeatable', collect)
    .option('--witness <key>', 'key of a site that cosigns, or a file of them; repeatable', collect, [])
    .option(
      '--quorum <count>',
      'witnesses that must have cosigned the last checkpoint; all of them unless given',
      count,
    )
    .option('--known <file>', 'a checkpoint that you kept, which the export must continue; repeatable', collect, [])
    .option('--json', 'print one JSON object', false)
    .action(verify);
}

async function verify(file: string, flags: VerifyFlags): Promise<void> {
  const logKeys = (await Promise.all(flags.key.map(readNoteKeys))).flat();
  const witnesses = (await Promise.all(flags.witness.map(readNoteKeys))).flat();
  const known = await Promise.all(flags.known.map((path) => readKnownHead(path, logKeys)));
  const result = await verifyLedgerFile(file, { logKeys, witnesses, known, quorum: flags.quorum ?? witnesses.length });
  if (!result.ok) process.exitCode = 1;
  if (flags.json) console.log(JSON.stringify(toJson(result)));
  else print(result);
}

function toJson({ signedHead, ...rest }: LedgerVerification): Record<string, unknown> {
  const head = signedHead === undefined ? null : { size: signedHead.size, root: toHex(signedHead.root) };
  return { ...rest, origin: rest.origin ?? null, signedHead: head };
}

function print(result: LedgerVerification): void {
  console.log(`ledger      ${result.origin ?? '(no header)'}`);
  console.log(`entries     ${result.entries}, under ${result.checkpoints} checkpoints`);
  if (result.signedHead !== undefined) {
    console.log(`signed      ${result.signedHead.size} entries, root ${toHex(result.signedHead.root)}`);
    console.log(`witnesses   ${result.witnesses.length === 0 ? 'none' : result.witnesses.join(', ')}`);
  }
  for (const { code, line, message } of result.findings) {
    console.log(`FOUND       ${code}${line > 0 ? ` (line ${line})` : ''}: ${message}`);
  }
  console.log(result.ok ? 'verified: nothing was found' : 'NOT verified');
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function count(text: string): number {
  if (!/^[0-9]{1,4}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}
