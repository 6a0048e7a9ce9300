/** Gives `length` fresh random bytes that nobody can predict. */
export type RandomSource = (length: number) => Uint8Array;

/** The platform's cryptographic random source (WebCrypto). */
export const randomBytes: RandomSource = (length) => globalThis.crypto.getRandomValues(new Uint8Array(length));
