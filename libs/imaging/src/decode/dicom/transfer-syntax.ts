import { DecodeError } from '../decode.errors';

export type CodecName = 'uncompressed' | 'rle' | 'jpeg-dct' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  /** null: pixel data lie in one native element; else each frame is a codestream in fragments. */
  readonly codec: CodecName | null;
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
  readonly deflated: boolean;
}

const base = { explicitVr: true, bigEndian: false, deflated: false };

function encapsulated(suffix: string, name: string, codec: CodecName): TransferSyntax {
  return { ...base, uid: `1.2.840.10008.1.2.${suffix}`, name, codec };
}

/** Every transfer syntax that is read here (DICOM PS3.5, annex A; PS3.6, table A-1). */
export const TRANSFER_SYNTAXES: readonly TransferSyntax[] = [
  { ...base, uid: '1.2.840.10008.1.2', name: 'Implicit VR Little Endian', codec: null, explicitVr: false },
  { ...base, uid: '1.2.840.10008.1.2.1', name: 'Explicit VR Little Endian', codec: null },
  { ...base, uid: '1.2.840.10008.1.2.2', name: 'Explicit VR Big Endian', codec: null, bigEndian: true },
  { ...base, uid: '1.2.840.10008.1.2.1.99', name: 'Deflated Explicit VR Little Endian', codec: null, deflated: true },
  encapsulated('1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', 'uncompressed'),
  encapsulated('5', 'RLE Lossless', 'rle'),
  encapsulated('4.50', 'JPEG Baseline (Process 1)', 'jpeg-dct'),
  encapsulated('4.51', 'JPEG Extended (Process 2 and 4)', 'jpeg-dct'),
  encapsulated('4.53', 'JPEG Spectral Selection (Process 6 and 8)', 'jpeg-dct'),
  encapsulated('4.55', 'JPEG Full Progression (Process 10 and 12)', 'jpeg-dct'),
  encapsulated('4.57', 'JPEG Lossless (Process 14)', 'jpeg-lossless'),
  encapsulated('4.70', 'JPEG Lossless (Process 14, Selection Value 1)', 'jpeg-lossless'),
  encapsulated('4.80', 'JPEG-LS Lossless', 'jpeg-ls'),
  encapsulated('4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls'),
  encapsulated('4.90', 'JPEG 2000 Lossless', 'jpeg-2000'),
  encapsulated('4.91', 'JPEG 2000', 'jpeg-2000'),
  encapsulated('4.201', 'High-Throughput JPEG 2000 Lossless', 'htj2k'),
  encapsulated('4.202', 'High-Throughput JPEG 2000 RPCL Lossless', 'htj2k'),
  encapsulated('4.203', 'High-Throughput JPEG 2000', 'htj2k'),
];

const byUid = new Map(TRANSFER_SYNTAXES.map((syntax) => [syntax.uid, syntax]));

/** @throws DecodeError IMAGING.TRANSFER_SYNTAX when the UID is none that is read here. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const syntax = byUid.get(uid);
  if (syntax === undefined) {
    // A UID is printed only when it has the form of a standard one: a hostile file may hide anything in this field.
    const shown = /^1\.2\.840\.10008\.[0-9.]{1,40}$/.test(uid) ? uid : 'one that is not a DICOM UID';
    throw new DecodeError(
      'IMAGING.TRANSFER_SYNTAX',
      `expected one of ${TRANSFER_SYNTAXES.length} transfer syntaxes, got ${shown}`,
    );
  }
  return syntax;
}
