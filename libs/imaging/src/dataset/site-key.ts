import { createHmac, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

import { DatasetError } from './dataset.errors';

const KEY_FILE = 'site.key';
const KEY_BYTES = 32;

/** Identifiers that sites and de-identifiers write where there is none: one "patient" of thousands would swallow a split. */
const PLACEHOLDERS = new Set([
  '',
  '0',
  'ANON',
  'ANONYMOUS',
  'ANONYMIZED',
  'ANONYMISED',
  'UNKNOWN',
  'NONE',
  'NA',
  'N/A',
  'NULL',
]);

/**
 * The secret with which a site turns identifiers into pseudonyms (HMAC-SHA256, RFC 2104).
 *
 * A plain hash of a hospital number can be undone by trying all numbers; a keyed one cannot without the key. The key is
 * made once in each data directory, readable by its owner only (mode 0600), and nothing in fedistl sends it anywhere.
 */
export class SiteKey {
  readonly #key: Buffer;

  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) {
      throw new DatasetError('DATASET.SITE_KEY', `expected a site key of ${KEY_BYTES} bytes, got ${key.length}`);
    }
    this.#key = Buffer.from(key);
  }

  /** 128 bits of HMAC, hex, equal for equal identifiers (surrounding blanks apart); null for an empty or stand-in identifier. */
  patientPseudonym(identifier: string): string | null {
    const trimmed = identifier.trim();
    return PLACEHOLDERS.has(trimmed.toUpperCase()) ? null : this.#tag('patient', trimmed);
  }

  /** Recognises a file at its next import without its path being stored: paths often carry names. */
  locatorTag(location: string): string {
    return this.#tag('locator', location);
  }

  #tag(purpose: string, text: string): string {
    return createHmac('sha256', this.#key).update(`fedistl/v1/${purpose}\0${text}`, 'utf8').digest('hex').slice(0, 32);
  }
}

/**
 * Reads the site key of `dataDirectory`, or makes it on first use.
 *
 * @throws DatasetError `DATASET.SITE_KEY` when the file has the wrong length or others than its owner may read it.
 */
export function openSiteKey(dataDirectory: string): SiteKey {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const file = path.join(dataDirectory, KEY_FILE);
  const existing = readKey(file);
  if (existing !== null) return existing;
  createKey(file);
  const created = readKey(file);
  if (created === null) throw new DatasetError('DATASET.SITE_KEY', `the site key could not be written to ${file}`);
  return created;
}

function readKey(file: string): SiteKey | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  // Windows has no such bits; there the folder's access list has to do it.
  const mode = statSync(file).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new DatasetError(
      'DATASET.SITE_KEY',
      `expected mode 600 on ${file}, got ${mode.toString(8)}: run chmod 600 on it`,
    );
  }
  return new SiteKey(bytes);
}

/** Written whole under another name, then linked: two processes that start together agree on one key, and none is torn. */
function createKey(file: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, randomBytes(KEY_BYTES));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}
