import { type SensitiveText } from './sensitive-text';

export type ImageFormat = 'dicom' | 'png' | 'jpeg';

/** Stored values keep the width and sign of the file: 8 or 16 bits allocated, signed or not. */
export type StoredValues = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** Colour models that are told apart; anything else in a header is refused with IMAGING.PHOTOMETRIC. */
export type PhotometricInterpretation =
  'MONOCHROME1' | 'MONOCHROME2' | 'PALETTE COLOR' | 'RGB' | 'YBR_FULL' | 'YBR_FULL_422';

/** Decoded pixels before rescale, window and inversion. */
export interface StoredImage {
  /** [frames, rows, columns, samplesPerPixel], row-major, samples interleaved whatever the planar configuration was. */
  readonly values: StoredValues;
  readonly rows: number;
  readonly columns: number;
  /** Frames in `values`; `DecodedFile.framesInFile` has how many the file holds. */
  readonly frames: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly signed: boolean;
  /** Of `values`: a codec that turns YBR into RGB says RGB here. */
  readonly photometricInterpretation: PhotometricInterpretation;
}

/** A modality or VOI look-up table (DICOM PS3.3 C.11.1, C.11.2) or one palette channel (C.7.6.3.1.5). */
export interface LookupTable {
  /** Input value that maps to the first entry; smaller inputs map to it too, larger than the last to the last. */
  readonly firstInput: number;
  readonly bits: number;
  readonly entries: Uint16Array;
}

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

export interface VoiWindow {
  readonly centre: number;
  readonly width: number;
}

/** What the header says about turning stored values into grey levels; applied by `renderRadiograph`. */
export interface RenderingFacts {
  readonly rescaleSlope: number | null;
  readonly rescaleIntercept: number | null;
  readonly modalityLut: LookupTable | null;
  readonly windows: readonly VoiWindow[];
  readonly voiFunction: VoiFunction;
  readonly voiLut: LookupTable | null;
  readonly presentationLutShape: 'IDENTITY' | 'INVERSE' | null;
  readonly palette: { readonly red: LookupTable; readonly green: LookupTable; readonly blue: LookupTable } | null;
  /** Inclusive range of stored values that are padding, not image; null when the header names none. */
  readonly padding: { readonly low: number; readonly high: number } | null;
}

/** Header facts for the index. Code strings are upper-cased, trimmed, at most 16 characters; null when absent. */
export interface HeaderFacts {
  readonly sopClass: string | null;
  readonly modality: string | null;
  readonly bodyPart: string | null;
  /** ViewPosition, else what the view code sequence says: 'PA', 'AP', 'LL', 'RL', 'LATERAL', ... */
  readonly viewPosition: string | null;
  readonly laterality: string | null;
  readonly imageType: readonly string[];
  /** FOR PRESENTATION or FOR PROCESSING. */
  readonly presentationIntent: string | null;
  /** 'YYYY-MM-DD' or 'YYYY-MM-DDTHH:MM:SS', of acquisition, else content, series, study; null when none is valid. */
  readonly acquiredAt: string | null;
  /** Raw; to be hashed with the site's key at once. */
  readonly patientId: SensitiveText | null;
  readonly burnedInAnnotation: 'YES' | 'NO' | null;
  readonly lossyCompressed: boolean | null;
  /** [row, column] spacing in mm, of the detector plane when the patient plane is not given. */
  readonly pixelSpacingMm: readonly [number, number] | null;
}

/** Everything about a decoded file but its pixels. Holds no identifier outside `SensitiveText`. */
export interface FileFacts {
  readonly format: ImageFormat;
  /** DICOM transfer syntax UID; null for PNG and JPEG. */
  readonly transferSyntax: string | null;
  readonly rows: number;
  readonly columns: number;
  readonly framesInFile: number;
  readonly framesDecoded: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly signed: boolean;
  /** As the header says; `StoredImage` has that of the decoded values. */
  readonly photometricInterpretation: PhotometricInterpretation;
  /** sha256 (hex) of the file's bytes. */
  readonly fileSha256: string;
  /** sha256 (hex) of the decoded stored values, little endian, frames in order, before rescale, window and inversion. */
  readonly storedSha256: string;
  readonly header: HeaderFacts;
  readonly rendering: RenderingFacts;
  /** Codes of what was odd but could be repaired, such as a wrong offset table. */
  readonly warnings: readonly string[];
}

export interface DecodedFile extends FileFacts {
  readonly stored: StoredImage;
}

/** What the reader of a format gives; hashes and counts are added to it. */
export interface DecodedPixels {
  readonly format: ImageFormat;
  readonly transferSyntax: string | null;
  readonly framesInFile: number;
  readonly photometricInterpretation: PhotometricInterpretation;
  readonly stored: StoredImage;
  readonly header: HeaderFacts;
  readonly rendering: RenderingFacts;
  readonly warnings: readonly string[];
}

/** One grey channel: 0 is black (dense-free air in a radiograph), the largest value white. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  /** [height, width] row-major. */
  readonly pixels: Uint8Array | Uint16Array;
}

/** What decided which values became black and white. */
export type GreyOrigin = 'voi-lut' | 'window' | 'percentiles' | 'full-range' | 'colour' | 'min-max';

/** A file taken all the way to the square grey image that training reads. */
export interface RadiographFile extends FileFacts {
  readonly image: GreyImage;
  readonly greyOrigin: GreyOrigin;
}

export interface DecodeLimits {
  /** Largest file read, bytes. */
  readonly maxFileBytes: number;
  /** Largest decoded pixel data, bytes, all decoded frames together. */
  readonly maxPixelBytes: number;
  /** Largest inflated data set of a deflated file, bytes. */
  readonly maxInflatedBytes: number;
}

export interface DecodeOptions {
  /** What to do with more than one frame: decode the first, all of them, or refuse (IMAGING.MULTI_FRAME). Default 'first'. */
  readonly frames?: 'first' | 'all' | 'refuse';
  readonly limits?: Partial<DecodeLimits>;
}
