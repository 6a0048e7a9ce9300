import { type GreyImage, type RadiographFile } from '../../decode/decoded-file';
import { type PixelSpec } from '../cache/pixel-spec';

/** What an import needs from the decoding half of this library. */
export abstract class RadiographReader {
  /** Images that may usefully be read at the same time. */
  abstract readonly concurrency: number;

  /** Decodes a file and takes it to the square grey image of `spec`. @throws DecodeError for this file. */
  abstract read(file: string, spec: PixelSpec): Promise<RadiographFile>;

  /** The same last step for pixels from an archive. */
  abstract resize(image: GreyImage, spec: PixelSpec): GreyImage | Promise<GreyImage>;

  abstract close(): Promise<void>;
}
