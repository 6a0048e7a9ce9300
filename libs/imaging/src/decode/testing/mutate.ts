import { type Rng } from '@fedistl/core';

const HOSTILE_32 = [0, 1, 3, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const HOSTILE_16 = [0, 1, 7, 0xff, 0x7fff, 0x8000, 0xfffe, 0xffff];

/** Rows, Columns, Samples per Pixel, Bits Allocated, Bits Stored, Pixel Data: elements whose values and lengths decide sizes. */
const TARGETS = [
  0x00280010, 0x00280011, 0x00280002, 0x00280100, 0x00280101, 0x00280008, 0x7fe00010, 0x00283002, 0x00283006,
];

type Mutation = (bytes: Uint8Array, rng: Rng) => Uint8Array;

const PIXEL_DATA = Buffer.from([0xe0, 0x7f, 0x10, 0x00]);

/** A place to do harm: mostly in the pixel data, since a damaged header is often refused before a codec sees anything. */
function place(bytes: Uint8Array, rng: Rng): number {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(PIXEL_DATA) + 12;
  if (start > 12 && start < bytes.length && rng.bernoulli(0.75)) return start + rng.int(bytes.length - start);
  return rng.int(bytes.length);
}

const flipBits: Mutation = (bytes, rng) => {
  const copy = Uint8Array.from(bytes);
  for (let left = 1 + rng.int(16); left > 0; left -= 1) {
    const at = place(copy, rng);
    copy[at] = (copy[at] ?? 0) ^ (1 << rng.int(8));
  }
  return copy;
};

const truncate: Mutation = (bytes, rng) => bytes.slice(0, rng.int(bytes.length));

const hostileNumber: Mutation = (bytes, rng) => {
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  const at = 132 + rng.int(Math.max(1, copy.length - 136));
  if (rng.bernoulli(0.5)) view.setUint16(at, HOSTILE_16[rng.int(HOSTILE_16.length)] ?? 0, true);
  else if (at + 4 <= copy.length) view.setUint32(at, HOSTILE_32[rng.int(HOSTILE_32.length)] ?? 0, true);
  return copy;
};

/** Hits the length or the value of an element that matters. */
const hostileElement: Mutation = (bytes, rng) => {
  const copy = Uint8Array.from(bytes);
  const tag = TARGETS[rng.int(TARGETS.length)] ?? 0;
  const pattern = Buffer.from([(tag >>> 16) & 0xff, tag >>> 24, tag & 0xff, (tag >> 8) & 0xff]);
  const at = Buffer.from(copy.buffer).indexOf(pattern, 132);
  if (at < 0 || at + 16 > copy.length) return hostileNumber(bytes, rng);
  const view = new DataView(copy.buffer);
  const offset = [4, 6, 8, 10, 12][rng.int(5)] ?? 8;
  if (rng.bernoulli(0.5)) view.setUint16(at + offset, HOSTILE_16[rng.int(HOSTILE_16.length)] ?? 0, true);
  else view.setUint32(at + Math.min(offset, 12), HOSTILE_32[rng.int(HOSTILE_32.length)] ?? 0, true);
  return copy;
};

const removeChunk: Mutation = (bytes, rng) => {
  const start = place(bytes, rng);
  const end = Math.min(bytes.length, start + 1 + rng.int(64));
  return Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(end)]);
};

const repeatChunk: Mutation = (bytes, rng) => {
  const start = place(bytes, rng);
  const end = Math.min(bytes.length, start + 1 + rng.int(64));
  return Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(start)]);
};

const noise: Mutation = (bytes, rng) => {
  const copy = Uint8Array.from(bytes);
  const start = place(copy, rng);
  const end = Math.min(copy.length, start + 1 + rng.int(64));
  for (let at = start; at < end; at += 1) copy[at] = rng.int(256);
  return copy;
};

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  flipBits,
  truncate,
  hostileNumber,
  hostileElement,
  hostileElement,
  removeChunk,
  repeatChunk,
  noise,
];

/** Damages a file in one to three ways, all of them chosen by `rng`. */
export function mutate(bytes: Uint8Array, rng: Rng): Uint8Array {
  let result = bytes;
  for (let left = 1 + rng.int(3); left > 0 && result.length > 200; left -= 1) {
    result = (MUTATIONS[rng.int(MUTATIONS.length)] ?? flipBits)(result, rng);
  }
  return result;
}
