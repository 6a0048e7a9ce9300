import { z } from 'zod';
import { studyPlanSchema } from '../plan/study-plan.schema';
import { sitePolicySchema } from '../policy/site-policy.schema';
import { ProtocolError } from '../protocol.errors';
import { errorBodySchema } from './error-body.schema';
import { evaluationOrderSchema } from './evaluation-order.schema';
import { evaluationReportSchema } from './evaluation-report.schema';
import { approvalSchema, revocationSchema } from './governance.schema';
import { roundManifestSchema } from './round-manifest.schema';
import { siteEnrolmentSchema, siteLoginSchema } from './site-login.schema';
import { updateManifestSchema } from './update-manifest.schema';

/** Every message by its `type`; ledger entries are a union of their own (`parseLedgerEntry`). */
const schemas = {
  'study-plan': studyPlanSchema,
  'site-policy': sitePolicySchema,
  'round-manifest': roundManifestSchema,
  'update-manifest': updateManifestSchema,
  'evaluation-order': evaluationOrderSchema,
  'evaluation-report': evaluationReportSchema,
  approval: approvalSchema,
  revocation: revocationSchema,
  'site-enrolment': siteEnrolmentSchema,
  'site-login': siteLoginSchema,
  error: errorBodySchema,
} as const;

export type MessageType = keyof typeof schemas;
export type MessageOf<T extends MessageType> = z.infer<(typeof schemas)[T]>;
export type Message = { [T in MessageType]: MessageOf<T> }[MessageType];

/** The versions of each message that this build reads. */
export const messageVersions: Readonly<Record<MessageType, readonly number[]>> = {
  'study-plan': [1],
  'site-policy': [1],
  'round-manifest': [1],
  'update-manifest': [1],
  'evaluation-order': [1],
  'evaluation-report': [1],
  approval: [1],
  revocation: [1],
  'site-enrolment': [1],
  'site-login': [1],
  error: [1],
};

/** Throws `PROTOCOL.INVALID_MESSAGE` that names each offending field, not its content. */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, what: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  throw new ProtocolError('PROTOCOL.INVALID_MESSAGE', `expected a valid ${what}, got: ${issues.join('; ')}`, {
    details: { what, issues },
  });
}

/**
 * Reads a message of the type that the caller expects.
 *
 * @throws ProtocolError `PROTOCOL.WRONG_TYPE`, `PROTOCOL.UNSUPPORTED_VERSION` (before any other field is looked at) or
 *   `PROTOCOL.INVALID_MESSAGE`; unknown members are refused in all but the error body
 */
export function parseMessage<T extends MessageType>(type: T, value: unknown): MessageOf<T> {
  const head = parseWith(z.looseObject({ type: z.string(), version: z.int() }), value, `${type} message`);
  if (head.type !== type) {
    throw new ProtocolError('PROTOCOL.WRONG_TYPE', `expected a message of type ${type}, got ${head.type.slice(0, 80)}`);
  }
  if (!messageVersions[type].includes(head.version)) {
    throw new ProtocolError(
      'PROTOCOL.UNSUPPORTED_VERSION',
      `expected ${type} of version ${messageVersions[type].join(' or ')}, got ${head.version}`,
    );
  }
  const schema: z.ZodType<MessageOf<T>> = schemas[type] as unknown as z.ZodType<MessageOf<T>>;
  return parseWith(schema, value, type);
}
