/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC'11 (Random123). Output block b of a key is a pure function of (key, b), so a stream can be entered
 * anywhere and two streams never share state.
 */

/** Held here because looking up a global in an inner loop is slow in sandboxed contexts, such as a test runner's. */
const { imul } = Math;

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const WEYL0 = 0x9e3779b9;
const WEYL1 = 0xbb67ae85;
const M0_HIGH = M0 >>> 16;
const M0_LOW = M0 & 0xffff;
const M1_HIGH = M1 >>> 16;
const M1_LOW = M1 & 0xffff;

/** The identity of a stream: a 64-bit key and the upper 64 bits of the 128-bit counter. The lower 64 count blocks. */
export interface PhiloxStream {
  readonly key0: number;
  readonly key1: number;
  readonly counter2: number;
  readonly counter3: number;
}

/** A place in a stream: the lower 64 bits of the counter as two words. */
export interface PhiloxPosition extends PhiloxStream {
  readonly counter0: number;
  readonly counter1: number;
}

/** The position of block `block`, a non-negative safe integer. */
export function atBlock(stream: PhiloxStream, block: number): PhiloxPosition {
  return { ...stream, counter0: block >>> 0, counter1: Math.floor(block / 2 ** 32) };
}

/**
 * Writes the block at `position` and those after it, four words each, over `out`, whose length must be a multiple of 4.
 * The lower 64 bits of the counter advance; the upper, which name the stream, stay.
 */
export function philoxBlocks(position: PhiloxPosition, out: Uint32Array): void {
  let low = position.counter0 >>> 0;
  let high = position.counter1 >>> 0;
  for (let at = 0; at < out.length; at += 4) {
    let c0 = low | 0;
    let c1 = high | 0;
    let c2 = position.counter2 | 0;
    let c3 = position.counter3 | 0;
    let k0 = position.key0 | 0;
    let k1 = position.key1 | 0;
    for (let round = 0; round < 10; round++) {
      // High halves of the 32 x 32 -> 64 bit products by 16-bit limbs: no partial sum leaves 32 bits.
      const c0High = c0 >>> 16;
      const c0Low = c0 & 0xffff;
      const mid0 = (imul(M0_HIGH, c0Low) + (imul(M0_LOW, c0Low) >>> 16)) | 0;
      const cross0 = (imul(M0_LOW, c0High) + (mid0 & 0xffff)) | 0;
      const high0 = (imul(M0_HIGH, c0High) + (mid0 >>> 16) + (cross0 >>> 16)) | 0;
      const c2High = c2 >>> 16;
      const c2Low = c2 & 0xffff;
      const mid1 = (imul(M1_HIGH, c2Low) + (imul(M1_LOW, c2Low) >>> 16)) | 0;
      const cross1 = (imul(M1_LOW, c2High) + (mid1 & 0xffff)) | 0;
      const high1 = (imul(M1_HIGH, c2High) + (mid1 >>> 16) + (cross1 >>> 16)) | 0;
      const low0 = imul(M0, c0);
      const low1 = imul(M1, c2);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + WEYL0) | 0;
      k1 = (k1 + WEYL1) | 0;
    }
    out[at] = c0;
    out[at + 1] = c1;
    out[at + 2] = c2;
    out[at + 3] = c3;
    low = (low + 1) >>> 0;
    if (low === 0) high = (high + 1) >>> 0;
  }
}
