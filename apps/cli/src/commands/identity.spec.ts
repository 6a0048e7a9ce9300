import { fingerprintOf, parseNoteKey, parsePublicIdentity } from '@fedistl/crypto';
import { openKeyFile, readUnlockSecret } from '@fedistl/crypto/node';
import { Command } from 'commander';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { registerIdentity } from './identity';

interface Shown {
  name: string;
  keyId: string;
  fingerprint: string;
  logKey: string;
  witnessKey: string;
  public: unknown;
}

describe('fedistl identity', () => {
  let folder: string;
  let key: string;
  let secret: string;
  let printed: string[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fedistl-identity-'));
    key = path.join(folder, 'site.key.json');
    secret = path.join(folder, 'secret');
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line));
    process.exitCode = 0;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    process.exitCode = 0;
    await rm(folder, { recursive: true });
  });

  const run = async (...args: string[]): Promise<string> => {
    printed = [];
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerIdentity(program);
    await program.parseAsync(['node', 'fedistl', 'identity', ...args]);
    return printed.join('\n');
  };
  const create = async () =>
    JSON.parse(await run('create', 'site-a', '--out', key, '--new-secret-file', secret, '--json')) as Shown;

  it('creates keys that its secret file opens, and shows their public half', async () => {
    const shown = await create();
    const identity = await openKeyFile(key, await readUnlockSecret(secret));
    expect(identity.keyId).toBe(shown.keyId);
    expect(parsePublicIdentity(shown.public)).toEqual(identity.public);
    expect(shown.fingerprint).toBe(fingerprintOf(identity.public));
    expect(parseNoteKey(shown.logKey)).toMatchObject({ name: 'site-a', type: 'log' });
    expect(parseNoteKey(shown.witnessKey)).toMatchObject({ name: 'site-a', type: 'witness' });
    expect(JSON.parse(await run('show', key, '--json'))).toEqual(shown);
    expect(await run('show', key)).toContain(shown.fingerprint);
  });

  it('takes an existing secret file, and never replaces a key', async () => {
    await create();
    const before = await readFile(key, 'utf8');
    await expect(run('create', 'site-a', '--out', key, '--secret-file', secret)).rejects.toMatchObject({
      code: 'KEY_FILE.EXISTS',
    });
    await expect(create()).rejects.toMatchObject({ code: 'KEY_FILE.EXISTS' });
    expect(await readFile(key, 'utf8')).toBe(before);
    const second = path.join(folder, 'second.json');
    await run('create', 'site-b', '--out', second, '--secret-file', secret);
    expect((await openKeyFile(second, await readUnlockSecret(secret))).name).toBe('site-b');
  });

  it('prints the fingerprint and compares it with one that was read', async () => {
    const { fingerprint, public: identity } = await create();
    const sent = path.join(folder, 'public.json');
    await writeFile(sent, JSON.stringify(identity));
    expect(await run('fingerprint', sent)).toBe(fingerprint);
    expect(await run('fingerprint', key, '--compare', fingerprint.replaceAll(' ', '-'))).toBe(`same: ${fingerprint}`);
    expect(process.exitCode).toBe(0);
    const other = fingerprint.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    expect(await run('fingerprint', key, '--compare', other)).toContain('DIFFERENT');
    expect(process.exitCode).toBe(1);
    expect(JSON.parse(await run('fingerprint', key, '--compare', other, '--json'))).toMatchObject({ matches: false });
  });

  it('throws coded errors', async () => {
    await create();
    await expect(run('create', 'Site A', '--out', `${key}2`, '--secret-file', secret)).rejects.toMatchObject({
      code: 'KEY.INVALID_NAME',
    });
    await expect(run('create', 'b', '--out', `${key}2`, '--secret-file', `${key}3`)).rejects.toMatchObject({
      code: 'KEY_FILE.UNREADABLE',
    });
    await expect(run('show', `${key}2`)).rejects.toMatchObject({ code: 'KEY_FILE.UNREADABLE' });
    await expect(run('show', secret)).rejects.toMatchObject({ code: 'KEY_FILE.MALFORMED' });
    await expect(run('fingerprint', key, '--compare', '123')).rejects.toMatchObject({
      code: 'KEY.INVALID_FINGERPRINT',
    });
  });

  it('asks for a passphrase only on a terminal', async () => {
    const { isTTY } = process.stdin;
    process.stdin.isTTY = false;
    try {
      await expect(run('create', 'site-a', '--out', key)).rejects.toMatchObject({ code: 'KEY_FILE.NO_SECRET' });
    } finally {
      process.stdin.isTTY = isTTY;
    }
  });
});
