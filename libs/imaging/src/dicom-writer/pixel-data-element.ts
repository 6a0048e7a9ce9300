import { type TransferSyntax } from '../decode/dicom/transfer-syntax';
import { concatenate, encodeHeader, even } from './encode-data-set';
import { nativeBytes } from './native-bytes';
import { type CompletePixels } from './dicom-pixels';

const PIXEL_DATA = 0x7fe00010;
const LITTLE = { explicitVr: true, bigEndian: false };

export interface PixelDataOptions {
  readonly syntax: TransferSyntax;
  readonly pixels: CompletePixels;
  /** One a frame; unused for native pixel data. */
  readonly codestreams: readonly Uint8Array[];
  readonly fragmentsPerFrame: number;
  readonly offsetTable: 'basic' | 'empty' | 'wrong';
}

/** Pixel Data (7FE0,0010): native (PS3.5, 8.1.1), or as a sequence of fragments (PS3.5, A.4). */
export function pixelDataElement(options: PixelDataOptions): Uint8Array {
  const { syntax, pixels, codestreams } = options;
  if (syntax.codec !== null) return encapsulate(options, codestreams);
  const wide = pixels.bitsAllocated === 16;
  const bytes = even(nativeBytes(pixels, { bigEndian: syntax.bigEndian }), 0);
  const header = encodeHeader(
    { tag: PIXEL_DATA, vr: wide || !syntax.explicitVr ? 'OW' : 'OB', length: bytes.length },
    syntax,
  );
  return concatenate([header, bytes]);
}

function encapsulate(options: PixelDataOptions, codestreams: readonly Uint8Array[]): Uint8Array {
  const offsets: number[] = [];
  const items: Uint8Array[] = [];
  let offset = 0;
  for (const codestream of codestreams) {
    offsets.push(offset);
    for (const fragment of cut(even(codestream, 0), options.fragmentsPerFrame)) {
      const item = concatenate([
        encodeHeader({ tag: 0xfffee000, vr: null, length: fragment.length }, LITTLE),
        fragment,
      ]);
      items.push(item);
      offset += item.length;
    }
  }
  return concatenate([
    encodeHeader({ tag: PIXEL_DATA, vr: 'OB', length: null }, LITTLE),
    offsetTable(offsets, options.offsetTable),
    ...items,
    encodeHeader({ tag: 0xfffee0dd, vr: null, length: 0 }, LITTLE),
  ]);
}

function offsetTable(offsets: readonly number[], kind: PixelDataOptions['offsetTable']): Uint8Array {
  const entries = kind === 'empty' ? [] : offsets.map((offset) => (kind === 'wrong' ? offset + 6 : offset));
  const table = new Uint8Array(4 * entries.length);
  const view = new DataView(table.buffer);
  entries.forEach((entry, index) => {
    view.setUint32(4 * index, entry, true);
  });
  return concatenate([encodeHeader({ tag: 0xfffee000, vr: null, length: table.length }, LITTLE), table]);
}

/** Even pieces of about equal length. */
function cut(bytes: Uint8Array, pieces: number): Uint8Array[] {
  const size = 2 * Math.ceil(bytes.length / pieces / 2);
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) parts.push(bytes.subarray(start, start + size));
  return parts;
}
