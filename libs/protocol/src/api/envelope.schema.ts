import { EnvelopeError, KeyError, EncodingError, parseEnvelope, parsePublicIdentity } from '@fedistl/crypto';
import { z } from 'zod';

/** A DSSE envelope inside a JSON body: its form is checked here, its signatures where it is opened. */
export const envelopeSchema = z
  .strictObject({
    payloadType: z.string().max(200),
    payload: z.string().max(4_000_000),
    signatures: z
      .array(z.strictObject({ keyid: z.string(), sig: z.string() }).readonly())
      .min(1)
      .max(64)
      .readonly(),
  })
  .readonly()
  .transform((value, context) => {
    try {
      return parseEnvelope(value);
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });

/** The public half of a party's keys in its JSON form; both keys are checked to be points that may be used. */
export const publicIdentitySchema = z
  .strictObject({
    format: z.literal('fedistl-identity/1'),
    name: z.string().max(128),
    signingKey: z.string().max(100),
    boxKey: z.string().max(100),
  })
  .superRefine((value, context) => {
    try {
      parsePublicIdentity(value);
    } catch (error) {
      if (!(error instanceof KeyError || error instanceof EncodingError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });
