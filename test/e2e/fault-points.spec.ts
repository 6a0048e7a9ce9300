import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { faultPoints, notOfARound } from '../support/faults/fault-points';

const root = path.resolve(__dirname, '../..');

it('the kill table has every fault point of the sources', () => {
  const sources = ['libs', 'apps']
    .flatMap((folder) => readdirSync(path.join(root, folder)).map((name) => path.join(root, folder, name, 'src')))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('testing'));
  const found = new Set<string>();
  for (const file of sources) {
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/faultPoint\('([^']+)'\)/g)) found.add(name ?? '');
    // A unit of work has two: before and after its commit.
    for (const [, name] of text.matchAll(/\.step\('([^']+)'\)/g)) {
      found.add(name ?? '').add(`${name ?? ''}.uncommitted`);
    }
  }
  for (const name of notOfARound) for (const suffix of ['', '.uncommitted']) found.delete(`${name}${suffix}`);
  expect(faultPoints.map(({ name }) => name).sort()).toEqual([...found].sort());
});
