import { type KeyFingerprint } from '@fedistl/core';
import { KeyError } from '../crypto.errors';
import { ed25519KeyPair, ed25519SeedLength, signEd25519 } from './ed25519';
import {
  createPublicIdentity,
  type PublicIdentity,
  type PublicIdentityJson,
  publicIdentityToJson,
} from './public-identity';
import { randomBytes, type RandomSource } from './random';
import { x25519, x25519KeyLength, x25519PublicKey } from './x25519';

/** Whoever can sign: an `Identity` in memory, or a device that keeps the key. */
export interface Signer {
  readonly public: PublicIdentity;
  /** 64-byte Ed25519 signature over exactly these bytes; callers give them a domain prefix. */
  sign(message: Uint8Array): Uint8Array;
}

/** The two secrets behind an identity, 32 bytes each. Whoever holds them is the identity. */
export interface IdentitySecrets {
  readonly signingSeed: Uint8Array;
  readonly boxSecret: Uint8Array;
}

/**
 * A party's keys: one Ed25519 pair to sign, one X25519 pair to receive boxes. The secrets are private fields, so that
 * no log, `JSON.stringify` or inspection shows them.
 */
export class Identity implements Signer {
  readonly public: PublicIdentity;
  readonly #signingSeed: Uint8Array;
  readonly #signingSecret: Uint8Array;
  readonly #boxSecret: Uint8Array;

  private constructor(name: string, secrets: IdentitySecrets) {
    const pair = ed25519KeyPair(secrets.signingSeed);
    this.#signingSeed = Uint8Array.from(secrets.signingSeed);
    this.#signingSecret = pair.secretKey;
    this.#boxSecret = Uint8Array.from(secrets.boxSecret);
    this.public = createPublicIdentity(name, pair.publicKey, x25519PublicKey(secrets.boxSecret));
  }

  /** New keys from the platform's random source. */
  static generate(name: string, random: RandomSource = randomBytes): Identity {
    return new Identity(name, { signingSeed: random(ed25519SeedLength), boxSecret: random(x25519KeyLength) });
  }

  /** @throws KeyError `KEY.INVALID_SEED`, `KEY.INVALID_BOX_KEY`, `KEY.INVALID_NAME`; `KEY.SAME_SECRET` */
  static fromSecrets(name: string, secrets: IdentitySecrets): Identity {
    if (secrets.signingSeed.every((byte, i) => byte === secrets.boxSecret[i])) {
      throw new KeyError('KEY.SAME_SECRET', 'expected two different secrets, got one for both uses');
    }
    return new Identity(name, secrets);
  }

  get name(): string {
    return this.public.name;
  }

  get keyId(): KeyFingerprint {
    return this.public.keyId;
  }

  sign(message: Uint8Array): Uint8Array {
    return signEd25519(message, this.#signingSecret);
  }

  /** Raw X25519 with this identity's box secret; see `x25519`. */
  agree(publicKey: Uint8Array): Uint8Array {
    return x25519(this.#boxSecret, publicKey);
  }

  /** Copies of the secrets, for sealing in a key file and nothing else. */
  exportSecrets(): IdentitySecrets {
    return { signingSeed: Uint8Array.from(this.#signingSeed), boxSecret: Uint8Array.from(this.#boxSecret) };
  }

  /** The public half, so that an identity in a JSON value never leaks its secrets. */
  toJSON(): PublicIdentityJson {
    return publicIdentityToJson(this.public);
  }
}
