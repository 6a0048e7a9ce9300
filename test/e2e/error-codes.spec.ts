import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

function files(directory: string, suffix: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix) && !/(^|[\\/])(node_modules|dist|out-tsc|testing)[\\/]/.test(name))
    .map((name) => path.join(directory, name));
}

it('every error code of the sources is explained in the documentation', () => {
  const documentation = files(path.join(root, 'docs'), '.md')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const sources = ['libs', 'apps'].flatMap((folder) => files(path.join(root, folder), '.ts'));
  const codes = new Set(
    sources
      .filter((file) => !file.endsWith('.spec.ts'))
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'([A-Z][A-Z0-9]+(?:\.[A-Z][A-Z0-9_]{2,})+)'/g)])
      .map((match) => match[1] ?? ''),
  );
  // Date formats look like codes.
  codes.delete('YYYY.MM.DD');
  expect(codes.size).toBeGreaterThan(200);
  expect([...codes].filter((code) => !documentation.includes(code))).toEqual([]);
});
