import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';

import { openSiteKey, SiteKey } from './site-key';
import { SampleFolder } from './testing/sample-images';

describe('site key', () => {
  const folder = new SampleFolder();
  afterAll(() => {
    folder.remove();
  });

  it('is made once, readable by its owner alone, and gives the same pseudonyms from then on', () => {
    const directory = folder.path('one');
    const pseudonym = openSiteKey(directory).patientPseudonym('12345');
    expect(statSync(`${directory}/site.key`).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${directory}/site.key`)).toHaveLength(32);
    expect(openSiteKey(directory).patientPseudonym(' 12345 ')).toBe(pseudonym);
    expect(pseudonym).toMatch(/^[0-9a-f]{32}$/);
    expect(openSiteKey(folder.path('two')).patientPseudonym('12345')).not.toBe(pseudonym);
  });

  it('is the first 128 bits of HMAC-SHA256, RFC 2104, over purpose and identifier', () => {
    // printf 'fedistl/v1/patient\0P1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101..01 (32 bytes)
    expect(new SiteKey(new Uint8Array(32).fill(1)).patientPseudonym('P1')).toBe('bf17bacfbd8b263c23d383db3ce9ba98');
  });

  it('keeps patients and places apart', () => {
    const key = new SiteKey(new Uint8Array(32));
    expect(key.patientPseudonym('x')).not.toBe(key.locatorTag('x'));
  });

  it.each(['', '  ', 'anonymous', 'UNKNOWN', '0'])('takes %p for no identifier', (identifier) => {
    expect(new SiteKey(new Uint8Array(32)).patientPseudonym(identifier)).toBeNull();
  });

  it('refuses a key that others can read, and one of another length', () => {
    const directory = folder.path('open');
    openSiteKey(directory);
    chmodSync(`${directory}/site.key`, 0o644);
    expect(() => openSiteKey(directory)).toThrow(expect.objectContaining({ code: 'DATASET.SITE_KEY' }) as Error);
    writeFileSync(`${directory}/site.key`, 'short', { mode: 0o600 });
    chmodSync(`${directory}/site.key`, 0o600);
    expect(() => openSiteKey(directory)).toThrow(/expected a site key of 32 bytes, got 5/);
  });
});
