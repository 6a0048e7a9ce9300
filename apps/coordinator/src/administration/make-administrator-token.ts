import { type Database } from '@fedistl/persistence';
import { appendEntries } from '../audit/append-entries';
import { newToken } from '../people/new-token';

export interface AdministratorToken {
  readonly id: string;
  /** Shown once; only its hash is kept. */
  readonly token: string;
  readonly expiresAt: string;
}

/**
 * A token of role administrator for whoever can reach the coordinator's own database: the way in when every administrator's
 * token is lost or has expired. The ledger says so, in the same transaction: nobody makes himself an administrator unseen.
 */
export async function makeAdministratorToken(
  database: Database,
  { name, validDays }: { readonly name: string; readonly validDays: number },
): Promise<AdministratorToken> {
  const { id, token, row } = newToken({ name, role: 'administrator', validDays }, "the coordinator's machine");
  await database.transaction(async (repositories) => {
    await repositories.people.insert(row);
    const at = row.createdAt.toISOString();
    await appendEntries(repositories, [{ type: 'administrator-token-made', version: 1, at, tokenId: id }]);
  });
  return { id, token, expiresAt: row.expiresAt.toISOString() };
}
