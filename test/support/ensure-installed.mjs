// Makes `npm test` and `npm run demo` work on a fresh clone: installs from the lock file when that was not done yet.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const stamp = path.join(root, 'node_modules', '.cache', 'fedistl-lock.sha256');
const lock = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(path.join(root, 'node_modules', '.package-lock.json'));

if (!installed || (existsSync(stamp) && readFileSync(stamp, 'utf8') !== lock)) {
  console.error('fedistl: installing the locked dependencies (npm ci) ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) {
    console.error(
      'fedistl: npm ci failed, see above. A registry that cannot be reached is the usual cause: check `npm ping`.',
    );
    process.exit(result.status ?? 1);
  }
}
mkdirSync(path.dirname(stamp), { recursive: true });
writeFileSync(stamp, lock);
