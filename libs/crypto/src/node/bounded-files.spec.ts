import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readKnownHead, readNoteKeys } from './ledger-file';
import { readPublicIdentityFile } from './public-identity-file';

describe('files of a few lines', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fedistl-'));
  const huge = path.join(folder, 'huge');
  writeFileSync(huge, '');
  truncateSync(huge, 1 << 21);
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are refused when they are not, before they are read', async () => {
    await expect(readNoteKeys(huge)).rejects.toMatchObject({
      code: 'LEDGER.UNREADABLE',
      message: expect.stringContaining('expected a verifier key') as string,
    });
    await expect(readKnownHead(huge, [])).rejects.toMatchObject({ code: 'LEDGER.UNREADABLE' });
    await expect(readPublicIdentityFile(huge)).rejects.toMatchObject({
      code: 'KEY_FILE.UNREADABLE',
      cause: { code: 'FILE.TOO_LARGE' },
    });
  });
});
