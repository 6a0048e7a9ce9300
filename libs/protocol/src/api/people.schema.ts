import { z } from 'zod';
import { instantSchema, lineSchema } from '../messages/primitives';

/**
 * What a person may do. All may read. `administrator`: tokens, enrolment; `study-lead`: makes and runs studies;
 * `reviewer`: approves what others made.
 */
export const personRoleSchema = z.enum(['administrator', 'study-lead', 'reviewer', 'viewer']);

export const personSchema = z.object({ id: z.string(), name: z.string(), role: personRoleSchema });

export const tokenRequestSchema = z.strictObject({
  name: lineSchema,
  role: personRoleSchema,
  validDays: z.int().min(1).max(3650),
});
/** The token is shown this once; the coordinator keeps its hash. */
export const tokenAnswerSchema = z.object({ id: z.string(), token: z.string(), expiresAt: instantSchema });

export const tokensAnswerSchema = z.object({
  tokens: z.array(
    personSchema.extend({
      createdAt: instantSchema,
      expiresAt: instantSchema,
      revokedAt: instantSchema.nullable(),
      lastUsedAt: instantSchema.nullable(),
    }),
  ),
});

/** An answer without content. */
export const emptyAnswerSchema = z.object({});

export type PersonRole = z.output<typeof personRoleSchema>;
export type Person = z.output<typeof personSchema>;
