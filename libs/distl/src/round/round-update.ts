import { encodeUpdateBlob, encodeValues, encodeWithFeedback, type UpdateForm } from '@fedistl/aggregation';
import { type StudyPlan } from '@fedistl/protocol';
import { RoundError } from './round.errors';

/** Weights of the two networks by name. */
export interface RoundWeights {
  readonly student: ReadonlyMap<string, Float32Array>;
  /** Needed where the teacher's change is sent. */
  readonly teacher: ReadonlyMap<string, Float32Array>;
}

export interface RoundChange {
  readonly plan: StudyPlan;
  readonly form: UpdateForm;
  readonly start: RoundWeights;
  readonly end: RoundWeights;
  /** The site's DINO centre at the round's end; not looked at where none is sent. */
  readonly centre: Float32Array;
  /** What rounding lost in the rounds before, for an encoding with error feedback. */
  readonly residual: Float32Array | null;
}

export interface EncodedUpdate {
  readonly blob: Uint8Array;
  /** What rounding lost so far; null for an encoding without error feedback. */
  readonly residual: Float32Array | null;
}

/**
 * The update that a site uploads: the change of the exchanged values in float32, under the plan's encoding, and the centre.
 *
 * @throws RoundError `ROUND.NO_CHANGE`, `ROUND.NOT_FINITE`; AggregationError `AGGREGATION.BAD_SIZE` for a residual of another model
 */
export function encodeRound({ plan, form, start, end, centre, residual }: RoundChange): EncodedUpdate {
  const values = new Float32Array(form.parameters);
  writeChange(form, start.student, end.student, values.subarray(0, form.exchange.parameters));
  if (form.sendsTeacher) writeChange(form, start.teacher, end.teacher, values.subarray(form.exchange.parameters));
  requireChange(values);
  const { encoding } = plan.transfer;
  const withFeedback = encoding.name === 'int8-block' && encoding.errorFeedback;
  const { bytes, residual: lost } = withFeedback
    ? encodeWithFeedback(values, encoding, residual)
    : { bytes: encodeValues(values, encoding), residual: null };
  const sent = form.centreLength > 0 ? centre : null;
  return { blob: encodeUpdateBlob({ encoding, parameters: form.parameters, bytes, centre: sent }), residual: lost };
}

function writeChange(
  { exchange }: UpdateForm,
  start: ReadonlyMap<string, Float32Array>,
  end: ReadonlyMap<string, Float32Array>,
  out: Float32Array,
): void {
  for (const { name, offset, length } of exchange.layout.entries) {
    const [from, to] = [start.get(name), end.get(name)];
    for (let i = 0; i < length; i++) out[offset + i] = (to?.[i] ?? NaN) - (from?.[i] ?? NaN);
  }
}

function requireChange(values: Float32Array): void {
  let changed = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) {
      throw new RoundError(
        'ROUND.NOT_FINITE',
        `expected finite weights at the end of the round, got a change of ${value}`,
      );
    }
    if (value !== 0) changed += 1;
  }
  if (changed > 0) return;
  throw new RoundError(
    'ROUND.NO_CHANGE',
    'expected the round to change the student, it did not: its learning rate may be 0',
  );
}
