import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { TestAuthority } from '../testing/test-authority';
import { trustedCertificates } from './trusted-certificates';

describe('trustedCertificates', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-ca-'));
  const write = (name: string, text: string): string => {
    const file = path.join(directory, name);
    writeFileSync(file, text);
    return file;
  };
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('leaves it to Node without a file', async () => {
    await expect(trustedCertificates({ caFile: null }, { extraCaFile: 'nowhere' })).resolves.toBeUndefined();
  });

  it('adds every certificate of the file, and of Node’s own variable, to those that Node knows', async () => {
    const [a, b, c] = [new TestAuthority(), new TestAuthority(), new TestAuthority()].map(({ cert }) => cert.trim());
    const caFile = write('ca.pem', `# Hospital\n${a!}\n\n# Region\n${b!}\n`);
    const trusted = await trustedCertificates({ caFile }, { extraCaFile: write('extra.pem', c!) });
    expect(trusted).toEqual([...rootCertificates, a, b, c]);
  });

  it.each([
    ['text', 'hello', '5 bytes without one'],
    ['nothing', '', '0 bytes without one'],
    ['a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', 'bytes without one'],
    ['no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'cannot be read (number 1)'],
  ])('refuses %s and says what it got', async (_what, text, got) => {
    await expect(trustedCertificates({ caFile: write('bad.pem', text) }, { extraCaFile: null })).rejects.toMatchObject({
      code: 'CLIENT.BAD_CA_FILE',
      message: expect.stringMatching(
        new RegExp(
          `^FEDISTL_CA_FILE: .*bad\\.pem: expected certificates in PEM, got .*${got.replace(/[()]/g, '\\$&')}$`,
        ),
      ) as string,
    });
  });

  it('names a file that is not there', async () => {
    const absent = trustedCertificates({ caFile: path.join(directory, 'absent') }, { extraCaFile: null });
    await expect(absent).rejects.toMatchObject({ code: 'FILE.NOT_FOUND' });
  });
});
