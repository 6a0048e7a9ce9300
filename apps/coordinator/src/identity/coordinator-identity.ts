import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Identity, utf8, type UnlockSecret } from '@fedistl/crypto';
import { openKeyFile, readUnlockSecret, writeKeyFile, writeUnlockSecret } from '@fedistl/crypto/node';
import { type CoordinatorConfig } from '../config/read-config';

export interface OpenedIdentity {
  readonly identity: Identity;
  /** Whether it was made just now. */
  readonly created: boolean;
}

/**
 * The coordinator's identity: it signs plans, manifests, orders and the ledger's tree heads. Made at the first start, in
 * `keys/coordinator.key` of the data directory. A second process that starts at the same time loses: the key file is
 * created and never replaced.
 *
 * @throws KeyFileError when the file is there but cannot be opened with the secret
 */
export async function openCoordinatorIdentity(config: CoordinatorConfig): Promise<OpenedIdentity> {
  const directory = join(config.dataDirectory, 'keys');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const path = join(directory, 'coordinator.key');
  const created = !existsSync(path);
  const unlock = await unlockSecret(config, join(directory, 'unlock-secret'));
  if (created) await writeKeyFile(path, Identity.generate(config.name), unlock);
  return { identity: await openKeyFile(path, unlock), created };
}

async function unlockSecret(config: CoordinatorConfig, path: string): Promise<UnlockSecret> {
  if (config.keySecret !== undefined) return { kind: 'secret', secret: utf8(config.keySecret) };
  if (!existsSync(path)) await writeUnlockSecret(path);
  return readUnlockSecret(path);
}
