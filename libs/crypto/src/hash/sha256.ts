import { sha256 as nobleSha256 } from '@noble/hashes/sha2';
import { utf8 } from '../encoding/bytes';
import { toHex } from '../encoding/hex';

/** SHA-256 (FIPS 180-4) of bytes, or of the UTF-8 bytes of a text: 32 bytes. For short inputs; see `hashBytes`. */
export function sha256(data: Uint8Array | string): Uint8Array {
  return nobleSha256(typeof data === 'string' ? utf8(data) : data);
}

/** SHA-256 as 64 lower-case hexadecimal digits. */
export function sha256Hex(data: Uint8Array | string): string {
  return toHex(sha256(data));
}

/** A hash fed piece by piece. After `digest` it must not be used again. */
export interface StreamingHash {
  update(chunk: Uint8Array): this;
  /** The 32 bytes of the digest. */
  digest(): Uint8Array;
}

/** A new SHA-256 in portable JavaScript; '@fedistl/crypto/node' has the native one, several times faster. */
export function createSha256(): StreamingHash {
  const state = nobleSha256.create();
  const hash: StreamingHash = {
    update(chunk) {
      state.update(chunk);
      return hash;
    },
    digest: () => state.digest(),
  };
  return hash;
}
