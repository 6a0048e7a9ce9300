import {
  DomainError,
  parseBlobHash,
  parseKeyFingerprint,
  parseModelHash,
  parsePlanHash,
  parseSiteId,
  parseStudyId,
} from '@fedistl/core';
import { z } from 'zod';

/** A text that one of core's parsers turns into a branded identifier; the parser's own message becomes the issue. */
function branded<T>(parse: (value: unknown) => T): z.ZodPipe<z.ZodString, z.ZodTransform<T, string>> {
  return z.string().transform((value, context): T => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });
}

export const studyIdSchema = branded(parseStudyId);
export const siteIdSchema = branded(parseSiteId);
export const modelHashSchema = branded(parseModelHash);
export const planHashSchema = branded(parsePlanHash);
export const blobHashSchema = branded(parseBlobHash);
export const keyFingerprintSchema = branded(parseKeyFingerprint);

/** Hash of a tensor layout's canonical description. */
export const layoutHashSchema = blobHashSchema;

/** UTC instant, ISO 8601 with a `Z`. */
export const instantSchema = z.iso.datetime();

/** A whole number from 0 that JSON and JavaScript hold exactly. */
export const countSchema = z.int().min(0);
export const positiveCountSchema = z.int().min(1);

/** Generation t of the study: 0 is the supervised start, t >= 1 trains with pseudo-labels of generation t - 1. */
export const generationSchema = z.int().min(0).max(1000);
/** Round within the generation, from 1. */
export const roundSchema = z.int().min(1).max(10_000);
/** Attempt at the round, from 1; a new attempt starts when too few updates arrived. */
export const attemptSchema = z.int().min(1).max(100);

/** JSON numbers are finite by nature; zod's `number` refuses NaN and infinities too. */
export const fractionSchema = z.number().min(0).max(1);
export const positiveSchema = z.number().positive();

/** Greatest weight of a site, as a multiple of the median weight; null leaves weights uncapped. */
export const capSchema = z.number().min(1).nullable();

/** Which round an envelope speaks of. */
export const roundCoordinates = {
  studyId: studyIdSchema,
  generation: generationSchema,
  round: roundSchema,
  attempt: attemptSchema,
};

/** 16 to 32 random bytes in hexadecimal: two messages with the same content still differ. */
export const nonceSchema = z.string().regex(/^[0-9a-f]{32,64}$/, 'expected 32 to 64 lower-case hex digits');
/** One line that a person wrote. */
export const lineSchema = z.string().min(1).max(300);
