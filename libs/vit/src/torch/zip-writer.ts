import { crc32 } from 'node:zlib';
import { TorchFileError } from '../vit.errors';

export interface ZipContent {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** PyTorch aligns the data of every entry, so that a file can be mapped into memory. */
const alignment = 64;
const headerBytes = 30;
/** Beyond this the ZIP64 format would be needed: far above any model here (ViT-B twice is 0.9 GB). */
const maxBytes = 0xffffffff;

/**
 * A zip archive of stored entries, part by part: nothing but headers is copied.
 *
 * @throws TorchFileError `TORCH.ZIP_LIMIT` for an archive of 4 GiB or more
 */
export function* zipParts(contents: Iterable<ZipContent>): Generator<Uint8Array> {
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes } of contents) {
    const encoded = Buffer.from(name, 'utf8');
    const padding = paddingAfter(at + headerBytes + encoded.length);
    const entry = { name: encoded, crc: crc32(bytes), size: bytes.length };
    directory.push(directoryEntry(entry, at));
    yield localHeader(entry, padding);
    yield bytes;
    at += headerBytes + encoded.length + padding.length + bytes.length;
    if (at > maxBytes) throw new TorchFileError('TORCH.ZIP_LIMIT', `expected an archive below 4 GiB, got ${at} bytes`);
  }
  yield* directory;
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (at + size > maxBytes) throw new TorchFileError('TORCH.ZIP_LIMIT', 'expected an archive below 4 GiB');
  yield endRecord({ count: directory.length, size, offset: at });
}

interface EntryFacts {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly size: number;
}

/** An extra field that moves the data behind it to the next aligned offset. */
function paddingAfter(offset: number): Uint8Array {
  const length = alignment - ((offset + 4) % alignment);
  const field = new Uint8Array(4 + length);
  const view = new DataView(field.buffer);
  view.setUint16(0, 0x4246, true); // 'FB', PyTorch's own padding field
  view.setUint16(2, length, true);
  return field;
}

function localHeader({ name, crc, size }: EntryFacts, extra: Uint8Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(headerBytes));
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(4, 20, true);
  view.setUint32(14, crc, true);
  view.setUint32(18, size, true);
  view.setUint32(22, size, true);
  view.setUint16(26, name.length, true);
  view.setUint16(28, extra.length, true);
  return Buffer.concat([new Uint8Array(view.buffer), name, extra]);
}

function directoryEntry({ name, crc, size }: EntryFacts, offset: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(46));
  view.setUint32(0, 0x02014b50, true);
  view.setUint16(4, 20, true);
  view.setUint16(6, 20, true);
  view.setUint32(16, crc, true);
  view.setUint32(20, size, true);
  view.setUint32(24, size, true);
  view.setUint16(28, name.length, true);
  view.setUint32(42, offset, true);
  return Buffer.concat([new Uint8Array(view.buffer), name]);
}

function endRecord(place: { readonly count: number; readonly size: number; readonly offset: number }): Uint8Array {
  const view = new DataView(new ArrayBuffer(22));
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, place.count, true);
  view.setUint16(10, place.count, true);
  view.setUint32(12, place.size, true);
  view.setUint32(16, place.offset, true);
  return new Uint8Array(view.buffer);
}
