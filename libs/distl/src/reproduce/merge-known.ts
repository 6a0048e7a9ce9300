import { ReproduceError } from './reproduce.errors';

/**
 * An object with changes. Objects among the changes change only the fields that they name; lists and plain values are
 * replaced.
 *
 * @param place of the object in the plan, for messages
 * @throws ReproduceError `REPRODUCE.PLAN_UNKNOWN_KEY` for a field that the object has not, `REPRODUCE.PLAN_INVALID` for one
 *   of another kind
 */
export function mergeKnown<Value extends object>(base: Value, changes: unknown, place: string): Value {
  if (!isRecord(changes)) throw invalid(place, 'an object', changes);
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(base));
  for (const [key, value] of Object.entries(changes)) {
    const at = `${place}.${key}`;
    if (!Object.hasOwn(merged, key)) {
      const known = Object.keys(base).join(', ');
      throw new ReproduceError('REPRODUCE.PLAN_UNKNOWN_KEY', `${at}: no such setting; there are ${known}`);
    }
    const before = merged[key];
    if (isRecord(before)) merged[key] = mergeKnown(before, value, at);
    else if (kindOf(before) === kindOf(value)) merged[key] = value;
    else throw invalid(at, `a ${kindOf(before)}`, value);
  }
  // Every field has the kind that it had.
  return merged as Value;
}

function invalid(place: string, wanted: string, got: unknown): ReproduceError {
  return new ReproduceError('REPRODUCE.PLAN_INVALID', `${place}: expected ${wanted}, got ${JSON.stringify(got)}`);
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
