import { writeFileSync } from 'node:fs';
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
  const answer = await client.createToken({ name, role, validDays: days });
  if (out === undefined) {
    show(flags, answer, ({ token, expiresAt }) => [token, `${role} ${name}, until ${expiresAt}`]);
    return;
  }
  writeFileSync(out, `${answer.token}\n`, { mode: 0o600, flag: 'wx' });
  const { id, expiresAt } = answer;
  show(flags, { id, expiresAt, out }, () => `${out}: token of ${role} ${name}, until ${expiresAt}`);
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
      token.revokedAt === null ? 'valid' : `revoked ${token.revokedAt}`,
    ]),
  );
}
