import { z } from 'zod';
import {
  blobHashSchema,
  countSchema,
  generationSchema,
  positiveCountSchema,
  roundSchema,
  siteIdSchema,
  studyIdSchema,
} from '../messages/primitives';
import { parseWith } from '../messages/message';
import { type RoundPhase, roundPhases, type RoundState } from './round-state';

const roundStateSchema = z.strictObject({
  version: z.literal(1),
  key: z.strictObject({ studyId: studyIdSchema, generation: generationSchema, round: roundSchema }),
  rules: z.strictObject({
    minimumSites: positiveCountSchema,
    quorum: positiveCountSchema,
    maximumAttempts: positiveCountSchema,
  }),
  mode: z.literal('plain'),
  phase: z.enum(roundPhases as [RoundPhase, ...RoundPhase[]]),
  attempt: countSchema,
  deadlineAtMs: countSchema,
  invited: z.array(siteIdSchema),
  withdrawn: z.array(siteIdSchema),
  revoked: z.array(siteIdSchema),
  accepted: z.array(z.tuple([siteIdSchema, blobHashSchema])),
  aggregation: countSchema,
  result: z.string().nullable(),
  outcome: z.string().nullable(),
});

/** What a database stores of a round: JSON, the same for equal states. */
export type RoundStateJson = z.infer<typeof roundStateSchema>;

/** A round as JSON; sets and maps become arrays in ascending order. */
export function roundStateToJson(state: RoundState): RoundStateJson {
  const { collection, withdrawn, revoked, invited, ...rest } = state;
  return {
    version: 1,
    ...rest,
    invited: [...invited],
    withdrawn: [...withdrawn].sort(),
    revoked: [...revoked].sort(),
    accepted: [...collection.accepted].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

/** The round that `roundStateToJson` wrote. @throws ProtocolError `PROTOCOL.INVALID_MESSAGE` */
export function roundStateFromJson(value: unknown): RoundState {
  const stored = parseWith(roundStateSchema, value, 'round state');
  const { key, rules, mode, phase, attempt, deadlineAtMs, invited, aggregation, result, outcome } = stored;
  return {
    key,
    rules,
    mode,
    phase,
    attempt,
    deadlineAtMs,
    invited,
    aggregation,
    result,
    outcome,
    withdrawn: new Set(stored.withdrawn),
    revoked: new Set(stored.revoked),
    collection: { mode, accepted: new Map(stored.accepted) },
  };
}
