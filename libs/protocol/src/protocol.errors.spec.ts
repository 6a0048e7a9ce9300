import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const page = readFileSync(path.join(__dirname, '../../../docs/errors/protocol.md'), 'utf8');

/** Codes of this area that the sources mention. */
function codesInSources(): string[] {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
  const texts = files.map((file) => readFileSync(path.join(__dirname, file), 'utf8'));
  const codes = texts.flatMap((text) => text.match(/'(?:ACCEPTANCE|PROTOCOL|ROUND|POLICY|MANIFEST)\.[A-Z_]+'/g) ?? []);
  return [...new Set(codes.map((code) => code.slice(1, -1)))].sort();
}

describe('error codes', () => {
  it('are all explained in docs/errors/protocol.md, and the page explains no other', () => {
    const explained = [...page.matchAll(/^\| `([A-Z_.]+)` +\|/gm)].map((match) => match[1]).sort();
    expect(explained).toEqual(codesInSources());
  });
});
