import { type SiteId } from '@fedistl/core';
import { Identity } from '@fedistl/crypto';
import { openKeyFile, readUnlockSecret, writeKeyFile, writeUnlockSecret } from '@fedistl/crypto/node';
import { type DataPaths } from '../config/data-paths';
import { NodeError } from '../node.errors';

/** Makes the site's keys, here and nowhere else, or opens those that an earlier try has made. */
export async function makeSiteIdentity(
  paths: DataPaths,
  siteId: SiteId,
  unlockSecretFile: string | null,
): Promise<Identity> {
  const secretFile = unlockSecretFile ?? paths.secretFile;
  if (unlockSecretFile === null) await unlessExists(() => writeUnlockSecret(secretFile));
  const unlock = await readUnlockSecret(secretFile);
  await unlessExists(() => writeKeyFile(paths.keyFile, Identity.generate(siteId), unlock));
  const identity = await openKeyFile(paths.keyFile, unlock);
  if (identity.name === siteId) return identity;
  throw new NodeError('NODE.OTHER_SITE', `expected keys of site ${siteId} in the data directory, got ${identity.name}`);
}

/** @throws KeyFileError */
export async function openSiteIdentity(paths: DataPaths, unlockSecretFile: string | null): Promise<Identity> {
  return openKeyFile(paths.keyFile, await readUnlockSecret(unlockSecretFile ?? paths.secretFile));
}

async function unlessExists(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'KEY_FILE.EXISTS')) throw error;
  }
}
