import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { httpStatusOf } from './http-status';

const page = readFileSync(join(__dirname, '../../../../docs/errors/coordinator.md'), 'utf8');
/** Contexts whose codes stand in docs/errors/coordinator.md. */
const own = ['access', 'config', 'health', 'http', 'people', 'proposals', 'sites', 'sockets', 'transfer'];

function codesInSources(): string[] {
  const files = own.flatMap((folder) =>
    readdirSync(join(__dirname, '..', folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .map((name) => join(__dirname, '..', folder, name)),
  );
  // A thrown code stands right after the opening parenthesis of its error.
  const thrown = /(?:Error\(|super\()\s*'([A-Z]+\.[A-Z_]+)'/g;
  return [
    ...new Set(files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(thrown)].map(([, code]) => code!))),
  ];
}

describe('error codes', () => {
  it.each(codesInSources())('%s stands in docs/errors/coordinator.md', (code) => {
    expect(page).toContain(`\`${code}\``);
  });

  const rows = [...page.matchAll(/^\| `([A-Z]+\.[A-Z_]+)`\s*\| (\d{3}) /gm)].map(([, code, status]) => [
    code!,
    status!,
  ]);

  it.each(rows)('%s has the status %s of its page', (code, status) => {
    expect(httpStatusOf(code)).toBe(Number(status));
  });

  it('are found, and unknown ones have no status', () => {
    expect(codesInSources().length).toBeGreaterThan(25);
    expect(rows.length).toBeGreaterThan(35);
    expect(httpStatusOf('DISK.ON_FIRE')).toBeUndefined();
  });
});
