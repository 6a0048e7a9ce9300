const ofARound = `"round" AS "r" JOIN "study" AS "s" ON "s"."study_id" = "r"."study_id"`;

/** A round that failed may be taken up again as long as its study runs. */
const openRound = `NOT ("r"."updated_at" < $1 AND ("r"."phase" IN ('completed', 'cancelled')
  OR ("r"."phase" = 'failed' AND "s"."state" IN ('completed', 'cancelled', 'failed'))))`;

/**
 * SQL condition on the blob `b` and the time `$1`: whether something needs it.
 *
 * Every model of the registry and every centre is needed for good. An update is needed until its round has been over since
 * before that time: till then the round's result can be computed again from it. So are the optimiser's moments that such a
 * round began with, and those that a study goes on with.
 */
export const neededBlob = `
  "b"."purpose" = 'centre'
  OR EXISTS (SELECT 1 FROM "model" AS "m" WHERE "m"."model_hash" = "b"."blob_hash")
  OR EXISTS (SELECT 1 FROM "study" AS "s" WHERE "b"."blob_hash" IN
    ("s"."initial_model_hash", "s"."student_hash", "s"."teacher_hash", "s"."average_hash", "s"."centre_hash"))
  OR ("b"."purpose" = 'model' AND "b"."study_id" IS NOT NULL)
  OR EXISTS (SELECT 1 FROM "study" AS "s" WHERE "s"."moments_hash" = "b"."blob_hash"
    AND "s"."state" NOT IN ('completed', 'cancelled', 'failed'))
  OR EXISTS (SELECT 1 FROM ${ofARound} WHERE "r"."moments_hash" = "b"."blob_hash" AND ${openRound})
  OR EXISTS (SELECT 1 FROM "update" AS "u" JOIN ${ofARound} ON "r"."study_id" = "u"."study_id"
    AND "r"."generation" = "u"."generation" AND "r"."round" = "u"."round"
    WHERE "u"."blob_hash" = "b"."blob_hash" AND ${openRound})`;
