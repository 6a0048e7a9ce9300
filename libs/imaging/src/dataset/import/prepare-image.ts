import { type RadiographFile } from '../../decode/decoded-file';
import { DecodeError, type DecodeErrorCode } from '../../decode/decode.errors';
import { type PixelSpec } from '../cache/pixel-spec';
import { hashArray, hashFile, littleEndianBytes } from '../content-hash';
import { bodyPartCode, modalityCode, viewCode } from '../header-codes';
import { type QuarantineFacts, quarantineReason, type QuarantineRules, reasonOfDecodeError } from '../quarantine';
import { type ArrayPixels, type SourceItem } from '../source/source-item';
import { type ImageFacts } from '../store/image-table';
import { greyFromArray } from './grey-from-array';
import { type RadiographReader } from './radiograph-reader';

/** An image on its way into the set. */
export interface PreparedImage {
  readonly facts: ImageFacts;
  /** Identifier from the file's header; raw, to be hashed at once. */
  readonly headerPatient: string | null;
  /** Little-endian pixels of `spec`; null when the image is quarantined. */
  readonly pixels: Uint8Array | null;
}

export interface PrepareOptions {
  readonly spec: PixelSpec;
  readonly rules: QuarantineRules;
  readonly reader: RadiographReader;
}

const NO_FACTS: ImageFacts = {
  contentSha256: null,
  storedSha256: null,
  format: null,
  transferSyntax: null,
  rows: null,
  columns: null,
  bitsStored: null,
  photometric: null,
  modality: null,
  bodyPart: null,
  view: null,
  acquiredAt: null,
  reason: null,
  detail: null,
};

/** Errors that are the importer's, not the file's. */
const NOT_THE_FILES_FAULT: readonly DecodeErrorCode[] = ['IMAGING.OPTIONS', 'IMAGING.POOL_CLOSED'];

/** Decodes one item and applies the quarantine rules. A bad file gives a reason; only a fault of the importer throws. */
export async function prepareImage(item: SourceItem, options: PrepareOptions): Promise<PreparedImage> {
  switch (item.pixels.kind) {
    case 'missing':
      return { facts: { ...NO_FACTS, reason: 'missing_file' }, headerPatient: null, pixels: null };
    case 'array':
      return prepareArray(item, item.pixels.array, options);
    case 'file':
      return prepareFile(item, item.pixels.path, options);
  }
}

async function prepareFile(item: SourceItem, path: string, options: PrepareOptions): Promise<PreparedImage> {
  let file: RadiographFile;
  try {
    file = await options.reader.read(path, options.spec);
  } catch (error) {
    if (!(error instanceof DecodeError) || NOT_THE_FILES_FAULT.includes(error.code)) throw error;
    const facts = {
      ...NO_FACTS,
      contentSha256: await hashFile(path),
      reason: reasonOfDecodeError(error.code),
      detail: error.code,
    };
    return { facts, headerPatient: null, pixels: null };
  }
  const { header } = file;
  const reason = judge(
    item,
    {
      modality: header.modality,
      bodyPart: header.bodyPart,
      view: header.viewPosition,
      burnedInAnnotation: header.burnedInAnnotation,
      rows: file.rows,
      columns: file.columns,
      isDicom: file.format === 'dicom',
      pixels: file.image.pixels,
    },
    options.rules,
  );
  const facts: ImageFacts = {
    contentSha256: file.fileSha256,
    storedSha256: file.storedSha256,
    format: file.format,
    transferSyntax: file.transferSyntax,
    rows: file.rows,
    columns: file.columns,
    bitsStored: file.bitsStored,
    photometric: file.photometricInterpretation,
    modality: modalityCode(header.modality),
    bodyPart: bodyPartCode(header.bodyPart),
    view: item.labels?.view ?? viewCode(header.viewPosition),
    acquiredAt: item.labels?.acquiredAt ?? header.acquiredAt,
    reason,
    detail: null,
  };
  return {
    facts,
    headerPatient: header.patientId?.reveal() ?? null,
    pixels: reason === null ? littleEndianBytes(file.image.pixels) : null,
  };
}

async function prepareArray(item: SourceItem, array: ArrayPixels, options: PrepareOptions): Promise<PreparedImage> {
  const grey = greyFromArray(array);
  const image = await options.reader.resize(grey, options.spec);
  const nothing = { modality: null, bodyPart: null, view: null, burnedInAnnotation: null, isDicom: false };
  const reason = judge(
    item,
    { ...nothing, rows: array.height, columns: array.width, pixels: image.pixels },
    options.rules,
  );
  const facts: ImageFacts = {
    ...NO_FACTS,
    ...hashArray(array),
    format: 'npz',
    rows: array.height,
    columns: array.width,
    bitsStored: grey.bits,
    photometric: array.channels === 3 ? 'RGB' : 'MONOCHROME2',
    view: item.labels?.view ?? null,
    acquiredAt: item.labels?.acquiredAt ?? null,
    reason,
  };
  return { facts, headerPatient: null, pixels: reason === null ? littleEndianBytes(image.pixels) : null };
}

/** What a labels file says about the view goes before the header: somebody looked. */
function judge(item: SourceItem, facts: QuarantineFacts, rules: QuarantineRules): ImageFacts['reason'] {
  return quarantineReason({ ...facts, view: item.labels?.view ?? facts.view }, rules);
}
