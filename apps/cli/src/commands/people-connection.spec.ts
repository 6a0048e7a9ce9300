import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from './people-connection';
import { profileFile, readProfile, writeProfile } from './people-profile';

const folder = mkdtempSync(path.join(tmpdir(), 'fedistl-profile-'));
const file = (name: string, text: string, mode = 0o600): string => {
  const where = path.join(folder, name);
  writeFileSync(where, text, { mode });
  chmodSync(where, mode);
  return where;
};
const before = process.env['FEDISTL_PROFILE'];

beforeEach(() => {
  process.env['FEDISTL_PROFILE'] = path.join(folder, 'none.json');
});
afterAll(() => {
  if (before === undefined) delete process.env['FEDISTL_PROFILE'];
  else process.env['FEDISTL_PROFILE'] = before;
  rmSync(folder, { recursive: true });
});

const tokenOf = async (...args: Parameters<typeof connect>): Promise<string> => (await connect(...args)).tokens.token();

it('takes the flag before the environment before the profile', async () => {
  const flag = { coordinator: 'http://127.0.0.1:1', tokenFile: file('flag', 'of-the-flag\n') };
  const env = { FEDISTL_COORDINATOR: 'http://127.0.0.1:2', FEDISTL_TOKEN: 'of-the-environment' };
  expect(await tokenOf(flag, env)).toBe('of-the-flag');
  expect(await tokenOf({}, env)).toBe('of-the-environment');
  process.env['FEDISTL_PROFILE'] = path.join(folder, 'made', 'profile.json');
  await writeProfile({ coordinator: 'http://127.0.0.1:3', tokenFile: file('profile', 'of-the-profile') });
  const client = await connect({}, {});
  expect([client.rest.baseUrl, await client.tokens.token()]).toEqual(['http://127.0.0.1:3', 'of-the-profile']);
});

it('says what is missing', async () => {
  await expect(connect({}, {})).rejects.toMatchObject({ code: 'COMMAND.NO_COORDINATOR' });
  await expect(connect({ coordinator: 'http://127.0.0.1:1' }, {})).rejects.toMatchObject({ code: 'COMMAND.NO_TOKEN' });
});

it('refuses a token that others can read, and a profile that is none', async () => {
  const open = { coordinator: 'http://127.0.0.1:1', tokenFile: file('open', 'secret', 0o644) };
  await expect(connect(open, {})).rejects.toMatchObject({ code: 'COMMAND.TOKEN_FILE_OPEN' });
  await expect(readProfile(file('bad.json', '{"coordinator": 1}'))).rejects.toMatchObject({ code: 'COMMAND.PROFILE' });
  expect(await readProfile(path.join(folder, 'nowhere.json'))).toBeNull();
});

it('lies in the configuration directory of the user', () => {
  expect(profileFile({ XDG_CONFIG_HOME: '/c' })).toBe(path.join('/c', 'fedistl', 'profile.json'));
  expect(profileFile({ FEDISTL_PROFILE: '/p.json', XDG_CONFIG_HOME: '/c' })).toBe('/p.json');
});
