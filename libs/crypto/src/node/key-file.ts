import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { KeyFileError } from '../crypto.errors';
import { toBase64 } from '../encoding/base64';
import { type Identity } from '../identity/identity';
import { randomBytes } from '../identity/random';
import { openSealedIdentity, type SealOptions, sealIdentity } from '../keyfile/seal-identity';
import { formatSealedIdentity, parseSealedIdentity, type SealedIdentity } from '../keyfile/sealed-identity';
import { type UnlockSecret } from '../keyfile/unlock-secret';
import { nativeScrypt } from './native-scrypt';

/** A key file has about 1 KiB; more is no key file and is not read. */
const maximumFileBytes = 65_536;

export interface WriteKeyFileOptions extends SealOptions {
  /** Take the place of a file that is there. Default: false, for a lost key cannot be made again. */
  readonly replace?: boolean;
}

/**
 * Seals an identity into a file that its owner alone may read (mode 0600). The file appears whole or not at all.
 *
 * @throws KeyFileError `KEY_FILE.EXISTS` without `replace`, `KEY_FILE.UNWRITABLE`
 */
export async function writeKeyFile(
  path: string,
  identity: Identity,
  unlock: UnlockSecret,
  options: WriteKeyFileOptions = {},
): Promise<void> {
  const sealed = await sealIdentity(identity, unlock, { scrypt: nativeScrypt, ...options });
  await writePrivateFile(path, formatSealedIdentity(sealed), options.replace === true);
}

/**
 * Makes a new unlock secret (32 random bytes, in base64) in a file of its own, mode 0600.
 *
 * @throws KeyFileError `KEY_FILE.EXISTS`, `KEY_FILE.UNWRITABLE`
 */
export async function writeUnlockSecret(path: string): Promise<void> {
  await writePrivateFile(path, `${toBase64(randomBytes(32))}\n`, false);
}

async function writePrivateFile(path: string, content: string, replace: boolean): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // A hard link fails where the name is taken; a rename would replace it.
    if (replace) await rename(temporary, path);
    else await link(temporary, path);
  } catch (cause) {
    if (isSystemError(cause, 'EEXIST')) {
      throw new KeyFileError('KEY_FILE.EXISTS', `${path}: expected no file of this name, got one`, { cause });
    }
    throw new KeyFileError('KEY_FILE.UNWRITABLE', `${path}: expected a place to write to, got ${String(cause)}`, {
      cause,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Reads and parses a key file without opening it: for its public half and the kind of secret that it takes. */
export async function readKeyFile(path: string): Promise<SealedIdentity> {
  return parseSealedIdentity(new TextDecoder().decode(await readPrivateFile(path)));
}

/** @throws KeyFileError `KEY_FILE.UNREADABLE`, `KEY_FILE.PERMISSIONS`, `KEY_FILE.MALFORMED`, `KEY_FILE.LOCKED`, ... */
export async function openKeyFile(path: string, unlock: UnlockSecret): Promise<Identity> {
  return openSealedIdentity(await readKeyFile(path), unlock, { scrypt: nativeScrypt });
}

/**
 * An unlock secret from a file, such as a mounted container secret: its bytes without one line feed at the end.
 *
 * @throws KeyFileError `KEY_FILE.UNREADABLE`, `KEY_FILE.PERMISSIONS`
 */
export async function readUnlockSecret(path: string): Promise<UnlockSecret> {
  const bytes = await readPrivateFile(path);
  const length = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? -2 : -1) : bytes.length;
  return { kind: 'secret', secret: Uint8Array.from(bytes.subarray(0, length)) };
}

/**
 * Content of a file that nobody but its owner may touch.
 *
 * @throws KeyFileError `KEY_FILE.PERMISSIONS` when the group or others have any right on it (not checked on Windows, whose
 *   mode bits say nothing); `KEY_FILE.UNREADABLE`
 */
async function readPrivateFile(path: string): Promise<Uint8Array> {
  let mode: number;
  let bytes: Uint8Array;
  try {
    // One open file for both, so that the bytes are those of the file whose mode was seen.
    const file = await open(path, 'r');
    try {
      mode = (await file.stat()).mode & 0o777;
      bytes = await readAtMost(file, maximumFileBytes + 1);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new KeyFileError('KEY_FILE.UNREADABLE', `${path}: expected a readable file, got ${String(cause)}`, { cause });
  }
  if (bytes.length > maximumFileBytes) {
    throw new KeyFileError('KEY_FILE.MALFORMED', `${path}: expected at most ${maximumFileBytes} bytes, got more`);
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    const got = mode.toString(8).padStart(4, '0');
    throw new KeyFileError('KEY_FILE.PERMISSIONS', `${path}: expected mode 0600, got ${got}; run chmod 600 on it`, {
      details: { mode: got },
    });
  }
  return bytes;
}

/** The first `length` bytes of a file, or all of a shorter one: a device that never ends fills no memory. */
async function readAtMost(file: FileHandle, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let done = 0;
  for (let got = -1; got !== 0 && done < length; done += got) {
    got = (await file.read(buffer, done, length - done)).bytesRead;
  }
  return buffer.subarray(0, done);
}

function isSystemError(error: unknown, code: string): boolean {
  // Not by `instanceof Error`: a system error may come from another realm.
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
