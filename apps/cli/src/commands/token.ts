import { rmSync, writeFileSync } from 'node:fs';
import { DomainError } from '@fedistl/core';
import { type PersonRole, personRoleSchema } from '@fedistl/protocol';
import { type Command, Option } from 'commander';
import { printTable } from './dataset-tables';
import { wholeNumber } from './engine-options';
import { addConnectionOptions, connect, type ConnectionFlags, show } from './people-connection';

interface CreateFlags extends ConnectionFlags {
  readonly role: PersonRole;
  readonly days: number;
  readonly out?: string;
}

/** `fedistl token create|list|revoke`: what people identify themselves with. */
export function registerToken(program: Command): void {
  const token = program.command('token').description("people's tokens at a coordinator");
  addConnectionOptions(
    token
      .command('create')
      .description('make a token for a person; it is shown this once')
      .argument('<name>', 'whose it is')
      .addOption(new Option('--role <role>', 'what it may do').choices(personRoleSchema.options).makeOptionMandatory())
      .option('--days <n>', 'how long it is good', wholeNumber, 90)
      .option('--out <file>', 'write the token there, readable by you alone, instead of printing it'),
  ).action(create);
  addConnectionOptions(token.command('list').description('all tokens, without their secrets')).action(list);
  addConnectionOptions(
    token.command('revoke').description('end a token from the next request on').argument('<id>', 'from "token list"'),
  ).action(async (id: string, flags: ConnectionFlags) => {
    show(flags, await (await connect(flags)).revokeToken(id), () => `${id}: revoked`);
  });
}

async function create(name: string, flags: CreateFlags): Promise<void> {
  const { role, days, out } = flags;
  const client = await connect(flags);
  const asked = { name, role, validDays: days };
  if (out === undefined) {
    show(flags, await client.createToken(asked), ({ token, expiresAt }) => [
      token,
      `${role} ${name}, until ${expiresAt}`,
    ]);
    return;
  }
  const { id, expiresAt } = await writeSecret(out, async () => {
    const { token, ...rest } = await client.createToken(asked);
    return { secret: token, ...rest };
  });
  show(flags, { id, expiresAt, out }, () => `${out}: token of ${role} ${name}, until ${expiresAt}`);
}

function stateOf({ revokedAt, expiresAt }: { readonly revokedAt: string | null; readonly expiresAt: string }): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  return Date.parse(expiresAt) > Date.now() ? 'valid' : 'expired';
}

/**
 * Makes a secret and writes it into a new file of mode 0600. The file is made first: a secret that is shown once must not be
 * made when there is no place to keep it.
 *
 * @throws DomainError `COMMAND.FILE_EXISTS`
 */
async function writeSecret<T extends { readonly secret: string }>(file: string, make: () => Promise<T>): Promise<T> {
  try {
    writeFileSync(file, '', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new DomainError(
      'COMMAND.FILE_EXISTS',
      `expected a new file to write the token to, got ${file}, which is there`,
    );
  }
  try {
    const made = await make();
    writeFileSync(file, `${made.secret}\n`);
    return made;
  } catch (error) {
    rmSync(file);
    throw error;
  }
}

async function list(flags: ConnectionFlags): Promise<void> {
  const answer = await (await connect(flags)).listTokens();
  if (flags.json === true) {
    console.log(JSON.stringify(answer));
    return;
  }
  printTable(
    ['id', 'name', 'role', 'until', 'last used', 'state'],
    answer.tokens.map((token) => [
      token.id,
      token.name,
      token.role,
      token.expiresAt,
      token.lastUsedAt ?? 'never',
      stateOf(token),
    ]),
  );
}
