import { type CodecName } from '../dicom/transfer-syntax';
import { type Codec } from './codec';
import { decodeJpegDct } from './jpeg-dct';
import { decodeHtj2k, decodeJpeg2000 } from './jpeg-2000';
import { decodeJpegLossless } from './jpeg-lossless';
import { decodeJpegLs } from './jpeg-ls';
import { decodeRle } from './rle';
import { decodeUncompressed } from './uncompressed';

/** Codec of each kind of encapsulated pixel data. */
export const CODECS: Readonly<Record<CodecName, Codec>> = {
  uncompressed: decodeUncompressed,
  rle: decodeRle,
  'jpeg-dct': decodeJpegDct,
  'jpeg-lossless': decodeJpegLossless,
  'jpeg-ls': decodeJpegLs,
  'jpeg-2000': decodeJpeg2000,
  htj2k: decodeHtj2k,
};
