import { z } from 'zod';
import { blobHashSchema, countSchema } from '../messages/primitives';

/** A signed note (c2sp.org/tlog-checkpoint) as text. */
export const checkpointAnswerSchema = z.object({ checkpoint: z.string() });

/** A whole number in a query string. */
const queryCountSchema = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,14})$/, 'expected a whole number')
  .transform(Number);

/** Proof that entry `index` is in the tree of `size` entries (RFC 9162, 2.1.3). */
export const inclusionQuerySchema = z.strictObject({ index: queryCountSchema, size: queryCountSchema });
export const inclusionAnswerSchema = z.object({
  index: countSchema,
  size: countSchema,
  leafHash: blobHashSchema,
  /** Hashes in hexadecimal, from the leaf upwards. */
  proof: z.array(blobHashSchema),
});

/** Proof that the tree of `to` entries continues the one of `from` (RFC 9162, 2.1.4). */
export const consistencyQuerySchema = z.strictObject({ from: queryCountSchema, to: queryCountSchema });
export const consistencyAnswerSchema = z.object({
  from: countSchema,
  to: countSchema,
  proof: z.array(blobHashSchema),
});
