import { concatenate } from '../../dicom-writer/encode-data-set';
import { codestream, frameHeader, segment } from '../../dicom-writer/encoders/entropy-writer';
import { writeDicom } from '../../dicom-writer/write-dicom';

const SIDE = 4096;
const SCANS = 250;
/** Blocks that one end-of-band code can skip: 2^14 and its 14 extra bits. */
const LONGEST_RUN = 32_767;

/**
 * A DICOM file of a few kilobytes that takes seconds to decode: a progressive 12-bit JPEG of 4096 x 4096 whose 250 scans
 * each pass over all blocks and change none.
 */
export async function slowFile(): Promise<Uint8Array> {
  const blocks = (SIDE / 8) ** 2;
  // One AC symbol, 0xE0 (a run of bands of 14 extra bits), with the one-bit code 0; then its extra bits, all ones.
  const oneSymbol = segment(0xc4, [0x10, 1, ...new Array<number>(15).fill(0), 0xe0]);
  const dc = segment(0xc4, [0x00, 1, ...new Array<number>(15).fill(0), 0x00]);
  const runs = Math.ceil(blocks / LONGEST_RUN);
  const bits = '0'.padEnd(15, '1').repeat(runs);
  const band = stuffed(bits);
  const scan = concatenate([segment(0xda, [1, 1, 0, 1, 63, 0]), band]);
  const jpeg = codestream([
    segment(0xdb, [0, ...new Array<number>(64).fill(1)]),
    frameHeader(0xc2, { precision: 12, rows: SIDE, columns: SIDE, components: 1 }),
    dc,
    oneSymbol,
    segment(0xda, [1, 1, 0, 0, 0, 0]),
    new Uint8Array(blocks / 8),
    ...new Array<Uint8Array>(SCANS).fill(scan),
  ]);
  return writeDicom({
    transferSyntax: '1.2.840.10008.1.2.4.55',
    pixels: { rows: 1, columns: 1, bitsAllocated: 16, bitsStored: 12, values: new Uint16Array(1) },
    attributes: [0x00280010, 0x00280011].map((tag) => ({ tag, vr: 'US', value: SIDE }) as const),
    encodedFrames: [jpeg],
  });
}

function stuffed(bits: string): Uint8Array {
  const padded = bits.padEnd(8 * Math.ceil(bits.length / 8), '1');
  const bytes = (padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  return Uint8Array.from(bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])));
}

/** A file of `megabytes` whose data set has millions of empty elements: parsed, they need many times its size. */
export async function crowdedFile(megabytes: number): Promise<Uint8Array> {
  const small = await writeDicom({
    transferSyntax: '1.2.840.10008.1.2.1',
    pixels: { rows: 1, columns: 1, bitsAllocated: 8, values: new Uint8Array(1) },
  });
  const end = Buffer.from(small.buffer).indexOf('FEDISTL') + 8;
  const count = (megabytes << 20) / 8;
  const elements = new Uint8Array(8 * count);
  const view = new DataView(elements.buffer);
  for (let index = 0; index < count; index += 1) {
    view.setUint16(8 * index, 0x0009 + 2 * (index >> 16), true);
    view.setUint16(8 * index + 2, index & 0xffff, true);
    view.setUint16(8 * index + 4, 0x4f4c, true); // 'LO'
  }
  return concatenate([small.subarray(0, end), elements]);
}
