import { type BlobHash, type PlanHash } from '@fedistl/core';
import { type RoundManifest, type StudyPlan, type UpdateManifest } from '@fedistl/protocol';
import { UpdateError } from '../aggregation.errors';
import { encodedLength } from '../encoding/encoding-size';

/** Why an update is refused; each reason has its own code. */
export type UpdateRefusal =
  | 'UPDATE.WRONG_ROUND'
  | 'UPDATE.NOT_INVITED'
  | 'UPDATE.WRONG_PLAN'
  | 'UPDATE.STALE_BASE'
  | 'UPDATE.WRONG_TEACHER'
  | 'UPDATE.LAYOUT_MISMATCH'
  | 'UPDATE.SHAPE_MISMATCH'
  | 'UPDATE.WRONG_ENCODING'
  | 'UPDATE.REPLAYED'
  | 'UPDATE.LENGTH_MISMATCH'
  | 'UPDATE.MALFORMED_BLOB'
  | 'UPDATE.HASH_MISMATCH'
  | 'UPDATE.NOT_FINITE'
  | 'UPDATE.ZERO'
  | 'UPDATE.NORM_TOO_LARGE';

export interface UpdateExpectation {
  /** The manifest of the attempt that is open. */
  readonly round: RoundManifest;
  readonly plan: StudyPlan;
  readonly planHash: PlanHash;
  /** Values of the flat update under the plan (without the last DINO layer where it is left out). */
  readonly parameters: number;
  /** Values of the centre that a site sends; 0 in generation 0. */
  readonly centreLength: number;
  /**
   * Whether a blob of this hash was part of an earlier round, or came from another site. A site's own blob of a failed
   * attempt of this round does not count: it is signed again for the next attempt.
   */
  readonly wasSeen: (blobHash: BlobHash) => boolean;
}

/**
 * Holds a signed update manifest against the open round; nothing of the blob is read. The signature is checked before
 * (`openMessage`).
 *
 * @throws UpdateError with the first reason in the order above
 */
export function checkUpdateManifest(update: UpdateManifest, expectation: UpdateExpectation): void {
  checkRound(update, expectation);
  checkOrigin(update, expectation);
  checkPayload(update, expectation);
}

function refuseUnless(
  holds: boolean,
  code: UpdateRefusal,
  expected: string,
  got: string,
  update: UpdateManifest,
): void {
  if (holds) return;
  throw new UpdateError(code, `expected ${expected} from ${update.siteId}, got ${got}`, {
    details: { siteId: update.siteId, round: update.round, attempt: update.attempt },
  });
}

const roundName = ({ studyId, generation, round, attempt }: RoundManifest | UpdateManifest): string =>
  `study ${studyId}, generation ${generation}, round ${round}, attempt ${attempt}`;

function checkRound(update: UpdateManifest, { round, planHash }: UpdateExpectation): void {
  const [expected, got] = [roundName(round), roundName(update)];
  refuseUnless(expected === got, 'UPDATE.WRONG_ROUND', `an update for ${expected}`, got, update);
  refuseUnless(round.sites.includes(update.siteId), 'UPDATE.NOT_INVITED', 'no update', 'one', update);
  refuseUnless(update.planHash === planHash, 'UPDATE.WRONG_PLAN', `plan ${planHash}`, update.planHash, update);
}

function checkOrigin(update: UpdateManifest, { round }: UpdateExpectation): void {
  const base = update.baseModelHash;
  refuseUnless(base === round.studentHash, 'UPDATE.STALE_BASE', `a change of ${round.studentHash}`, base, update);
  const [teacher, expected] = [update.teacherHash ?? 'none', round.teacherHash ?? 'none'];
  refuseUnless(teacher === expected, 'UPDATE.WRONG_TEACHER', `teacher ${expected}`, teacher, update);
  const layout = update.layoutHash;
  refuseUnless(layout === round.layoutHash, 'UPDATE.LAYOUT_MISMATCH', `layout ${round.layoutHash}`, layout, update);
}

function checkPayload(update: UpdateManifest, { plan, parameters, centreLength, wasSeen }: UpdateExpectation): void {
  const { payload } = update;
  const [count, centre] = [payload.parameters, payload.centreLength];
  refuseUnless(count === parameters, 'UPDATE.SHAPE_MISMATCH', `${parameters} values`, String(count), update);
  refuseUnless(centre === centreLength, 'UPDATE.SHAPE_MISMATCH', `a centre of ${centreLength}`, String(centre), update);
  const [expected, got] = [JSON.stringify(plan.transfer.encoding), JSON.stringify(payload.encoding)];
  refuseUnless(sameEncoding(update, plan), 'UPDATE.WRONG_ENCODING', `encoding ${expected}`, got, update);
  const least = encodedLength(payload.encoding, count) + 4 * centre;
  const bytes = payload.byteLength;
  const fits = bytes > least && bytes <= least + maximumHeaderBytes;
  refuseUnless(fits, 'UPDATE.LENGTH_MISMATCH', `${least} bytes and a short header`, String(bytes), update);
  refuseUnless(!wasSeen(payload.blobHash), 'UPDATE.REPLAYED', 'a new blob', `${payload.blobHash} again`, update);
}

/** A blob's header names one or two tensors. */
const maximumHeaderBytes = 4104;

function sameEncoding({ payload: { encoding } }: UpdateManifest, { transfer }: StudyPlan): boolean {
  if (encoding.name !== 'int8-block' || transfer.encoding.name !== 'int8-block') {
    return encoding.name === transfer.encoding.name;
  }
  return encoding.blockLength === transfer.encoding.blockLength;
}
