import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Identity } from '../identity/identity';
import { type UnlockSecret } from '../keyfile/unlock-secret';
import { openKeyFile, readKeyFile, readUnlockSecret, writeKeyFile } from './key-file';

const identity = Identity.fromSecrets('site-a', {
  signingSeed: new Uint8Array(32).fill(3),
  boxSecret: new Uint8Array(32).fill(4),
});
const secret: UnlockSecret = { kind: 'secret', secret: new Uint8Array(32).fill(8) };
const posix = process.platform === 'win32' ? it.skip : it;

describe('a key file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fedistl-key-'));
    file = path.join(folder, 'site.key.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('opens again, and shows its public half without a secret', async () => {
    await writeKeyFile(file, identity, secret);
    expect((await openKeyFile(file, secret)).exportSecrets()).toEqual(identity.exportSecrets());
    expect((await readKeyFile(file)).public).toEqual(identity.public);
    expect(await readdir(folder)).toEqual(['site.key.json']);
  });

  posix('is for its owner alone, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await writeKeyFile(file, identity, secret);
    } finally {
      process.umask(before);
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  posix.each([0o640, 0o604, 0o620, 0o660, 0o666, 0o777, 0o610])('is refused with mode %o', async (mode) => {
    await writeKeyFile(file, identity, secret);
    await chmod(file, mode);
    const refusal = { code: 'KEY_FILE.PERMISSIONS', message: expect.stringContaining('chmod 600') as string };
    await expect(openKeyFile(file, secret)).rejects.toMatchObject(refusal);
    await expect(readKeyFile(file)).rejects.toMatchObject(refusal);
    await expect(readUnlockSecret(file)).rejects.toMatchObject(refusal);
    await chmod(file, 0o400);
    expect((await openKeyFile(file, secret)).keyId).toBe(identity.keyId);
  });

  it('does not take the place of another unless told to', async () => {
    await writeKeyFile(file, identity, secret);
    const before = await readFile(file, 'utf8');
    const other = Identity.generate('site-a');
    await expect(writeKeyFile(file, other, secret)).rejects.toMatchObject({ code: 'KEY_FILE.EXISTS' });
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['site.key.json']);
    await writeKeyFile(file, other, secret, { replace: true });
    expect((await openKeyFile(file, secret)).keyId).toBe(other.keyId);
    expect(await readdir(folder)).toEqual(['site.key.json']);
  });

  it('is refused where it cannot be', async () => {
    const nowhere = path.join(folder, 'none', 'site.key.json');
    await expect(writeKeyFile(nowhere, identity, secret)).rejects.toMatchObject({ code: 'KEY_FILE.UNWRITABLE' });
    await expect(openKeyFile(nowhere, secret)).rejects.toMatchObject({ code: 'KEY_FILE.UNREADABLE' });
    await expect(openKeyFile(folder, secret)).rejects.toMatchObject({ code: 'KEY_FILE.UNREADABLE' });
  });

  it('is not read beyond the size that a key file can have', async () => {
    await writeFile(file, 'k'.repeat(65_537), { mode: 0o600 });
    await expect(readUnlockSecret(file)).rejects.toMatchObject({ code: 'KEY_FILE.MALFORMED' });
    await expect(readKeyFile(file)).rejects.toMatchObject({
      code: 'KEY_FILE.MALFORMED',
      message: expect.stringContaining('at most 65536') as string,
    });
    await writeFile(file, 'k'.repeat(65_536), { mode: 0o600 });
    expect(await readUnlockSecret(file)).toMatchObject({ kind: 'secret' });
  });

  it.each([
    ['no line feed', '', ''],
    ['one line feed, which is not part of it', '\n', ''],
    ['a Windows line end, likewise', '\r\n', ''],
    ['two line feeds, one of which is', '\n\n', '\n'],
  ])('takes a secret from a file with %s', async (_, end, kept) => {
    const text = 'k'.repeat(40);
    await writeFile(file, text + end, { mode: 0o600 });
    expect(await readUnlockSecret(file)).toEqual({ kind: 'secret', secret: new Uint8Array(Buffer.from(text + kept)) });
  });
});
