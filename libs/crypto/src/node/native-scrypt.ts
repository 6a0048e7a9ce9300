import { scrypt } from 'node:crypto';
import { type Scrypt } from '../keyfile/scrypt';

/** scrypt by node:crypto (OpenSSL), off the main thread. */
export const nativeScrypt: Scrypt = (secret, { N, r, p, salt }) =>
  new Promise((resolve, reject) => {
    // OpenSSL counts a little more than 128 * r * N, so leave it room.
    scrypt(secret, salt, 32, { N, r, p, maxmem: 256 * r * N }, (error, key) => {
      if (error === null) resolve(new Uint8Array(key));
      else reject(error);
    });
  });
