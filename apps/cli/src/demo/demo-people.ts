import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PeopleClient } from '@fedistl/client';
import { type PersonRole } from '@fedistl/protocol';

/** The people of the demo, each with a token of their own: what one creates, another approves. */
export interface DemoPeople {
  readonly administrator: PeopleClient;
  readonly studyLead: PeopleClient;
  readonly reviewer: PeopleClient;
}

const DAYS = 30;

/**
 * The demo's people; makes their tokens at the first run.
 *
 * @param firstToken what the coordinator printed at its first start; needed once
 */
export async function demoPeople(directory: string, baseUrl: string, firstToken: () => string): Promise<DemoPeople> {
  const tokenFile = (name: string): string => path.join(directory, 'tokens', name);
  const client = (token: string): PeopleClient => new PeopleClient({ baseUrl, token });
  const administrator = client(kept(tokenFile('administrator'), firstToken));
  const person = async (name: string, role: PersonRole): Promise<PeopleClient> => {
    const file = tokenFile(name);
    if (!existsSync(file)) {
      const { token } = await administrator.createToken({ name, role, validDays: DAYS });
      kept(file, () => token);
    }
    return client(kept(file, firstToken));
  };
  return {
    administrator,
    studyLead: await person('study-lead', 'study-lead'),
    reviewer: await person('reviewer', 'reviewer'),
  };
}

/** The token in a file, which `make` fills when it is not there. */
function kept(file: string, make: () => string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const token = make();
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}
