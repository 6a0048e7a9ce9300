/** What the data set says that a frame holds; a codestream that says otherwise is refused before memory is taken for it. */
export interface ExpectedFrame {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: 8 | 16;
  /** For codecs that carry no geometry of their own (RLE). */
  readonly planarConfiguration: 0 | 1;
  /** For JPEG with colour: whether to undo YCbCr. */
  readonly ycbcr: boolean;
}

/** One decoded frame, samples interleaved. */
export interface CodecFrame {
  /** [rows, columns, samples]; 16-bit when the precision is above 8. Signed codestreams give two's complement bits. */
  readonly samples: Uint8Array | Uint16Array;
  /** Bits a sample that the codestream declares. */
  readonly precision: number;
  /** Sign by the codestream; null when it has no such field. */
  readonly signed: boolean | null;
  /** The codec turned a luma and chroma image into RGB. */
  readonly becameRgb: boolean;
}

export type Codec = (codestream: Uint8Array, expected: ExpectedFrame) => CodecFrame | Promise<CodecFrame>;
