/**
 * SHA-256 (FIPS 180-4), here only to turn seeds and stream names into keys: `core` depends on nothing, and streams must
 * be derived synchronously in browsers too. For hashing files and messages use `@fedistl/crypto`, which is faster.
 */

/** First 32 bits of the fractional parts of the square (`power` 1/2) or cube (1/3) roots of the first `count` primes. */
function primeRootBits(count: number, power: number): Uint32Array {
  const out = new Uint32Array(count);
  for (let candidate = 2, found = 0; found < count; candidate++) {
    let isPrime = true;
    for (let d = 2; d * d <= candidate; d++) if (candidate % d === 0) isPrime = false;
    if (isPrime) out[found++] = (candidate ** power % 1) * 2 ** 32;
  }
  return out;
}

const K = primeRootBits(64, 1 / 3);
const INITIAL = primeRootBits(8, 1 / 2);

const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** The message with its padding: 0x80, zeros, and the bit length as a 64-bit big-endian number. */
function pad(message: Uint8Array): DataView {
  const view = new DataView(new ArrayBuffer(Math.ceil((message.length + 9) / 64) * 64));
  new Uint8Array(view.buffer).set(message);
  view.setUint8(message.length, 0x80);
  view.setUint32(view.byteLength - 8, Math.floor(message.length / 0x20000000));
  view.setUint32(view.byteLength - 4, (message.length << 3) >>> 0);
  return view;
}

function compress(state: Uint32Array, block: DataView, offset: number): void {
  const w = new Uint32Array(64);
  const at = (i: number): number => w[i] ?? 0;
  for (let i = 0; i < 16; i++) w[i] = block.getUint32(offset + 4 * i);
  for (let i = 16; i < 64; i++) {
    const s0 = rotr(at(i - 15), 7) ^ rotr(at(i - 15), 18) ^ (at(i - 15) >>> 3);
    const s1 = rotr(at(i - 2), 17) ^ rotr(at(i - 2), 19) ^ (at(i - 2) >>> 10);
    w[i] = at(i - 16) + s0 + at(i - 7) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const sum1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
    const t1 = (h + sum1 + ((e & f) ^ (~e & g)) + (K[i] ?? 0) + at(i)) | 0;
    const sum0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
    const t2 = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] ?? 0) + word));
}

/** SHA-256 of `message` as eight 32-bit words, the most significant first. */
export function sha256Words(message: Uint8Array): Uint32Array {
  const state = Uint32Array.from(INITIAL);
  const padded = pad(message);
  for (let offset = 0; offset < padded.byteLength; offset += 64) compress(state, padded, offset);
  return state;
}
