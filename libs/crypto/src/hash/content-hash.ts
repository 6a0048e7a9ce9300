import { toHex } from '../encoding/hex';
import { createSha256, type StreamingHash } from './sha256';

/** What a blob is called by: its SHA-256 and its length. */
export interface ContentAddress {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Length in bytes. */
  readonly size: number;
}

/**
 * Address of a blob that arrives in chunks, in constant memory.
 *
 * @param createHash the hash to use; on Node pass `createNativeSha256` of '@fedistl/crypto/node'.
 *   tweetnacl's hash is never used for content: it is SHA-512 in plain JavaScript and takes the whole message at once
 *   (rates in docs/benchmarks/hashing.md).
 */
export async function hashStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  createHash: () => StreamingHash = createSha256,
): Promise<ContentAddress> {
  const hash = createHash();
  let size = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: toHex(hash.digest()), size };
}

/** Address of a blob that is in memory, by the platform's native SHA-256 (WebCrypto: browsers and Node alike). */
export async function hashBytes(bytes: Uint8Array): Promise<ContentAddress> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes);
  return { sha256: toHex(new Uint8Array(digest)), size: bytes.length };
}
