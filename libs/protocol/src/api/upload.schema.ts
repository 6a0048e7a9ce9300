import { z } from 'zod';
import { blobHashSchema, studyIdSchema } from '../messages/primitives';

/** `Upload-Metadata` of a tus upload. `update` comes from a site, `model` from a study lead. */
export const uploadMetadataSchema = z.strictObject({
  sha256: blobHashSchema,
  purpose: z.enum(['update', 'model']),
  /** Of an update: the study it belongs to. */
  studyId: studyIdSchema.optional(),
});

export type UploadMetadata = z.output<typeof uploadMetadataSchema>;
export type UploadPurpose = UploadMetadata['purpose'];
