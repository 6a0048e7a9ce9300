import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DomainError } from '@fedistl/core';
import { forwardProxy, readCredentials } from './forward-proxy';

const proxy = (variable: string, address: string) => forwardProxy({ variable, address, credentialsFile: null });

describe('forwardProxy', () => {
  it('takes an address, and names it with the setting that it comes from', async () => {
    const { url, label, credentials } = proxy('FEDISTL_PROXY', 'http://proxy.example.org:3128/');
    expect([url.origin, label]).toEqual([
      'http://proxy.example.org:3128',
      'http://proxy.example.org:3128 (FEDISTL_PROXY)',
    ]);
    expect(await credentials()).toBeNull();
  });

  it('takes user and password, and an address without scheme, where other programs do', async () => {
    const { label, credentials } = proxy('HTTPS_PROXY', 'kim:p%40ss:word@proxy:3128');
    expect(label).toBe('http://proxy:3128 (HTTPS_PROXY)');
    expect(await credentials()).toBe('kim:p@ss:word');
  });

  it.each([
    ['FEDISTL_PROXY', 'http://kim:hunter2@proxy:3128'],
    ['FEDISTL_PROXY', 'socks5://proxy:1080'],
    ['FEDISTL_PROXY', 'proxy.example.org'],
    ['HTTPS_PROXY', 'http://kim:%ff-hunter2@proxy'],
    ['HTTPS_PROXY', 'http://kim:hunter2@proxy:port'],
  ])('refuses %s=%s without telling a password', (variable, address) => {
    const refused = (): unknown => {
      try {
        return proxy(variable, address);
      } catch (error) {
        return error;
      }
    };
    const error = refused() as DomainError;
    expect(error).toBeInstanceOf(DomainError);
    expect([error.code, error.message]).toEqual(['CLIENT.BAD_PROXY', expect.stringContaining(`${variable}: expected`)]);
    expect(JSON.stringify([error.message, error.details, String(error.cause)])).not.toContain('hunter2');
  });
});

describe('readCredentials', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-credentials-'));
  const file = path.join(directory, 'proxy.secret');
  const write = (text: string, mode = 0o600): void => {
    writeFileSync(file, text);
    chmodSync(file, mode);
  };
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('takes one line of a file that is the owner’s alone', async () => {
    write('kim:hunter2:and more\n');
    expect(await readCredentials(file)).toBe('kim:hunter2:and more');
    write('kim:hunter2', 0o640);
    await expect(readCredentials(file)).rejects.toMatchObject({ code: 'KEY_FILE.PERMISSIONS' });
  });

  it.each(['', 'hunter2', ':hunter2', 'kim:hunter2\nlee:hunter2\n', 'kim:hunter2\r\nX-Injected: yes'])(
    'refuses %j without telling it',
    async (text) => {
      write(text);
      const error: unknown = await readCredentials(file).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'CLIENT.BAD_PROXY' });
      expect((error as Error).message).not.toContain('hunter2');
    },
  );

  it('names a file that is not there', async () => {
    await expect(readCredentials(`${file}.absent`)).rejects.toMatchObject({ code: 'KEY_FILE.UNREADABLE' });
  });
});
