import { type ImageLabels } from '../labels/image-labels';
import { type LabelVocabulary } from '../labels/label-vocabulary';

/** Pixels that come out of an archive instead of a file of their own. */
export interface ArrayPixels {
  /** [height, width, channels] row-major; channels 1 or 3 (RGB). */
  readonly values: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

export type SourcePixels =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'array'; readonly array: ArrayPixels }
  /** Listed in the labels file, but not there. */
  | { readonly kind: 'missing' };

/** One image of a source. */
export interface SourceItem {
  /** Path inside the source, '/' separated, or `archive.npz#split/index`. May hold identifiers: hash it, never log it. */
  readonly relativePath: string;
  /** The same with the absolute path of the source in front. */
  readonly location: string;
  readonly fileBytes: number;
  readonly fileMtimeMs: number;
  /** Null when the source says nothing about the image. */
  readonly labels: ImageLabels | null;
  readonly pixels: SourcePixels;
}

/** Images found in a folder or an archive, always in the same order whatever order the file system lists them in. */
export interface ImageSource {
  /** Images that `items` will yield. */
  readonly count: number;
  /** Files passed over because they are no images (tables, texts, archives beside the images). */
  readonly ignoredFiles: number;
  /** Folders that could not be opened. */
  readonly unreadableFolders: number;
  /** Rows of a table of names (NIH form) without an image here. */
  readonly unmatchedLabels: number;
  /** Width and height that every image has, when the source declares one (archives); else null. */
  readonly nativeSize: number | null;
  /** Classes and findings that the images' labels name. */
  readonly vocabulary: LabelVocabulary;
  items(): AsyncIterable<SourceItem>;
}

/** Plain comparison of UTF-16 code units: the same on every machine, unlike localeCompare. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
