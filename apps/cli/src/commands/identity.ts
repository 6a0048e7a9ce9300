import {
  fingerprintOf,
  formatNoteKey,
  Identity,
  KeyFileError,
  matchesFingerprint,
  noteKeyOf,
  type PublicIdentity,
  publicIdentityToJson,
  type UnlockSecret,
} from '@fedistl/crypto';
import { readPublicIdentityFile, readUnlockSecret, writeKeyFile, writeUnlockSecret } from '@fedistl/crypto/node';
import { type Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

interface CreateFlags {
  readonly out: string;
  readonly secretFile?: string;
  readonly newSecretFile?: string;
  readonly json: boolean;
}

/** `fedistl identity`: keys that are made here and never leave. */
export function registerIdentity(program: Command): void {
  const identity = program
    .command('identity')
    .description('signing and encryption keys of a site, coordinator or person');
  identity
    .command('create')
    .description('make new keys in a sealed file; asks for a passphrase unless a secret file is given')
    .argument('<name>', 'name of the party, such as site-a or example.org/study-1')
    .requiredOption('--out <file>', 'key file to write; never replaces one')
    .option('--secret-file <file>', 'file (mode 0600) with the secret that seals the key file')
    .option('--new-secret-file <file>', 'make such a secret in a new file')
    .option('--json', 'print one JSON object', false)
    .action(create);
  identity
    .command('show')
    .description('print the public half of a key file or public identity')
    .argument('<file>', 'key file, or public identity in JSON')
    .option('--json', 'print one JSON object', false)
    .action(async (file: string, flags: { json: boolean }) => {
      print(await readPublicIdentityFile(file), flags.json);
    });
  identity
    .command('fingerprint')
    .description('print the number that two people read to each other, or compare it with one that was read')
    .argument('<file>', 'key file, or public identity in JSON')
    .option('--compare <digits>', 'the 40 digits that the other party read; exits with 1 when they differ')
    .option('--json', 'print one JSON object', false)
    .action(fingerprint);
}

async function create(name: string, flags: CreateFlags): Promise<void> {
  const identity = Identity.generate(name);
  await writeKeyFile(flags.out, identity, await unlockFor(flags));
  print(identity.public, flags.json);
}

async function fingerprint(file: string, flags: { compare?: string; json: boolean }): Promise<void> {
  const identity = await readPublicIdentityFile(file);
  const matches = flags.compare === undefined ? undefined : matchesFingerprint(flags.compare, identity);
  if (matches === false) process.exitCode = 1;
  const text = fingerprintOf(identity);
  if (flags.json)
    console.log(JSON.stringify({ name: identity.name, fingerprint: text, ...(matches !== undefined && { matches }) }));
  else if (matches === undefined) console.log(text);
  else console.log(matches ? `same: ${text}` : `DIFFERENT: this file has ${text}`);
}

function print(identity: PublicIdentity, json: boolean): void {
  const shown = {
    name: identity.name,
    keyId: identity.keyId,
    fingerprint: fingerprintOf(identity),
    logKey: formatNoteKey(noteKeyOf(identity, 'log')),
    witnessKey: formatNoteKey(noteKeyOf(identity, 'witness')),
    public: publicIdentityToJson(identity),
  };
  if (json) {
    console.log(JSON.stringify(shown));
    return;
  }
  console.log(`name         ${shown.name}`);
  console.log(`key id       ${shown.keyId}`);
  console.log(`fingerprint  ${shown.fingerprint}`);
  console.log(`log key      ${shown.logKey}`);
  console.log(`witness key  ${shown.witnessKey}`);
}

async function unlockFor(flags: CreateFlags): Promise<UnlockSecret> {
  if (flags.newSecretFile !== undefined) await writeUnlockSecret(flags.newSecretFile);
  const file = flags.newSecretFile ?? flags.secretFile;
  if (file !== undefined) return readUnlockSecret(file);
  if (!process.stdin.isTTY) {
    throw new KeyFileError('KEY_FILE.NO_SECRET', 'expected --secret-file, or a terminal to ask for a passphrase on');
  }
  const passphrase = await ask('Passphrase (12 characters or more): ');
  if ((await ask('The same again: ')) !== passphrase) {
    throw new KeyFileError('KEY_FILE.PASSPHRASES_DIFFER', 'expected the same passphrase twice, got two');
  }
  return { kind: 'passphrase', passphrase };
}

/** One line from the terminal, which does not show what is typed. */
async function ask(prompt: string): Promise<string> {
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  // Only now is the terminal's own echo off.
  process.stderr.write(prompt);
  const interrupted = new AbortController();
  terminal.once('close', () => {
    interrupted.abort();
  });
  try {
    return await terminal.question('', { signal: interrupted.signal });
  } catch (cause) {
    throw new KeyFileError('KEY_FILE.NO_SECRET', 'expected a passphrase, got an interruption', { cause });
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
