import { createHash } from 'node:crypto';
import { canonicalBytes } from '@fedistl/core';
import { DistlError } from '../distl.errors';
import { type Behaviour, BEHAVIOURS } from './behaviours';
import { type TrainConfig, trainConfigSchema } from './train-config';

/** Settings that make sense only as a whole. */
const REPLACED: ReadonlySet<string> = new Set(['teacher', 'clip', 'confidence', 'selfSupervision']);

/**
 * A behaviour with changes, checked. An object among the changes changes only the fields that it names; `teacher`, `clip`,
 * `confidence` and `selfSupervision` are replaced as a whole.
 *
 * @param changes for instance the content of a plan file
 * @throws DistlError `DISTL.CONFIG_UNKNOWN_KEY`, `DISTL.CONFIG_INVALID`
 */
export function parseTrainConfig(behaviour: Behaviour, changes: unknown = {}): TrainConfig {
  if (!isRecord(changes)) {
    throw new DistlError('DISTL.CONFIG_INVALID', `expected an object of settings, got ${JSON.stringify(changes)}`);
  }
  const merged: Record<string, unknown> = { ...BEHAVIOURS[behaviour] };
  for (const [key, value] of Object.entries(changes)) {
    const base = merged[key];
    merged[key] = !REPLACED.has(key) && isRecord(base) && isRecord(value) ? { ...base, ...value } : value;
  }
  const parsed = trainConfigSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => (place === '' ? key : `${place}.${key}`));
    throw new DistlError('DISTL.CONFIG_UNKNOWN_KEY', `no such setting: ${keys.join(', ')}`, { details: { keys } });
  }
  throw new DistlError('DISTL.CONFIG_INVALID', `setting ${place}: ${issue?.message ?? 'not valid'}`, {
    details: { setting: place },
  });
}

/** SHA-256 of a JSON value in canonical form (RFC 8785), hexadecimal. */
export function configHash(value: unknown): string {
  return createHash('sha256').update(canonicalBytes(value)).digest('hex');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
