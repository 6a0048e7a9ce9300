import { chownSync, cpSync, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Copies a folder with the owners of its files: where the tests run as root, the database's files belong to the account that
 * its server runs under.
 */
export function copyTree(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
  if (process.getuid?.() !== 0) return;
  const names = ['.', ...readdirSync(from, { recursive: true, encoding: 'utf8' })];
  for (const name of names) {
    const { uid, gid } = lstatSync(path.join(from, name));
    if (uid !== 0 || gid !== 0) chownSync(path.join(to, name), uid, gid);
  }
}
