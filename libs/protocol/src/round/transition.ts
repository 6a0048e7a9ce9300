import { type RoundEffect, type RoundEffectType, type RoundRefusal } from './round-effects';
import { type RoundEvent, type RoundEventType } from './round-events';
import { type RoundPhase, type RoundState } from './round-state';

export type EventOf<T extends RoundEventType> = Extract<RoundEvent, { readonly type: T }>;

export interface Step {
  readonly state: RoundState;
  readonly effects: readonly RoundEffect[];
}

/**
 * One row of the table. The machine takes the first row whose phase, event and condition match; docs/protocol.md prints
 * the same rows, so what is documented is what runs.
 */
export interface Transition {
  readonly from: readonly RoundPhase[];
  readonly event: RoundEventType;
  /** The condition in words. */
  readonly when: string;
  /** Phase afterwards; 'same' leaves the phase as it was. */
  readonly to: RoundPhase | 'same';
  /** Types of the effects, in order. */
  readonly effects: readonly RoundEffectType[];
  /** Code of the refusal, for rows that refuse. */
  readonly refusal?: RoundRefusal;
  readonly test: (state: RoundState, event: RoundEvent) => boolean;
  readonly apply: (state: RoundState, event: RoundEvent) => Step;
}

interface Row<T extends RoundEventType> extends Pick<Transition, 'from' | 'when' | 'to' | 'effects'> {
  readonly test: (state: RoundState, event: EventOf<T>) => boolean;
  readonly apply: (state: RoundState, event: EventOf<T>) => Step;
}

function isOf<T extends RoundEventType>(type: T, event: RoundEvent): event is EventOf<T> {
  return event.type === type;
}

/** A row for one type of event, with its condition and action typed for that event. */
export function on<T extends RoundEventType>(type: T, row: Row<T>): Transition {
  const { test, apply } = row;
  return {
    ...row,
    event: type,
    test: (state, event) => isOf(type, event) && test(state, event),
    apply: (state, event) => (isOf(type, event) ? apply(state, event) : { state, effects: [] }),
  };
}

interface Refusal<T extends RoundEventType> {
  readonly from: readonly RoundPhase[];
  readonly when: string;
  readonly code: RoundRefusal;
  readonly test?: (state: RoundState, event: EventOf<T>) => boolean;
}

/** A row that leaves the state as it is and says why. */
export function refuse<T extends RoundEventType>(
  type: T,
  { from, when, code, test = () => true }: Refusal<T>,
): Transition {
  const row = on(type, {
    from,
    when,
    to: 'same',
    effects: ['refuse'],
    test,
    apply: (state, event) => ({
      state,
      effects: [{ type: 'refuse', code, siteId: 'siteId' in event ? event.siteId : null }],
    }),
  });
  return { ...row, refusal: code };
}

/** A row for an event that has nothing left to do. */
export function ignore<T extends RoundEventType>(
  type: T,
  { from, when, test = () => true }: Omit<Refusal<T>, 'code'>,
): Transition {
  return on(type, { from, when, to: 'same', effects: [], test, apply: (state) => ({ state, effects: [] }) });
}
