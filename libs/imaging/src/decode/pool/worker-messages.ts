import { type RadiographOptions } from '../../radiograph/radiograph-options';
import { type DecodeOptions, type FileFacts, type GreyImage, type GreyOrigin, type StoredImage } from '../decoded-file';
import { type DecodeErrorCode } from '../decode.errors';

/** A file by its path, or its bytes. */
export type DecodeSource = { readonly path: string } | { readonly bytes: Uint8Array };

export interface DecodeJob {
  readonly source: DecodeSource;
  readonly options: DecodeOptions;
  /** null: give the stored values back; else render them and give only the grey image back. */
  readonly radiograph: Partial<RadiographOptions> | null;
}

/** Facts as they cross the thread boundary: structured clone would strip `SensitiveText` of its value. */
export type ClonedFacts = Omit<FileFacts, 'header'> & {
  readonly header: Omit<FileFacts['header'], 'patientId'>;
  readonly patientId: string | null;
};

/** From the worker: once when it can take jobs, then one reply a job. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'stored'; readonly facts: ClonedFacts; readonly stored: StoredImage }
  | {
      readonly type: 'radiograph';
      readonly facts: ClonedFacts;
      readonly image: GreyImage;
      readonly greyOrigin: GreyOrigin;
    }
  | { readonly type: 'refused'; readonly code: DecodeErrorCode; readonly message: string };
