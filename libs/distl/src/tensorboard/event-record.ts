/**
 * Records of TensorBoard's event files. A record is its length (uint64), the masked CRC-32C of those 8 bytes, the data, and
 * the masked CRC-32C of the data, little endian (TensorFlow, `core/lib/io/record_writer`). The data is an `Event` message
 * (`core/util/event.proto`): 1 wall time (double), 2 step (int64), 3 file version (string), 5 summary, whose `Value`s have
 * 1 tag (string) and 2 simple value (float).
 */

const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** CRC-32C (Castagnoli; RFC 3720, appendix B.4). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Rotated and shifted, so that a CRC of data that holds CRCs stays useful. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Frames one message. */
export function frameRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return record;
}

/** The first record of a file. @param wallTime seconds since 1970 */
export function versionEvent(wallTime: number): Uint8Array {
  return frameRecord(Buffer.concat([double(1, wallTime), text(3, 'brain.Event:2')]));
}

/** A record with named numbers at a step. */
export function scalarEvent(wallTime: number, step: number, scalars: Readonly<Record<string, number>>): Uint8Array {
  const values = Object.entries(scalars).map(([tag, value]) =>
    field(1, Buffer.concat([text(1, tag), float(2, value)])),
  );
  const stepField = Buffer.concat([key(2, 0), varint(step)]);
  return frameRecord(Buffer.concat([double(1, wallTime), stepField, field(5, Buffer.concat(values))]));
}

function key(number: number, wireType: number): Buffer {
  return varint(number * 8 + wireType);
}

/** @param value a non-negative safe integer */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([key(number, 2), varint(bytes.length), bytes]);
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value, 'utf8'));
}

function double(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(number, 1), bytes]);
}

function float(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(number, 5), bytes]);
}
