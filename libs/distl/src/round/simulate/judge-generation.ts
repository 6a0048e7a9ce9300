import { parseModelHash } from '@fedistl/core';
import { EvaluationError, poolAuc } from '@fedistl/evaluation';
import { type EvaluationReport, evaluationReportSchema, judgeCandidate, planHash } from '@fedistl/protocol';
import { evaluateCandidate } from '../evaluate-candidate';
import { type SimulationOptions } from './simulate-federation';
import {
  type SimulatedEvaluation,
  type SimulatedGeneration,
  type SimulatedModel,
  type SimulationState,
} from './simulation-state';

/** Every site judges the candidate beside the teacher in force, and the plan's rule decides. */
export async function judgeGeneration(
  { plan, engine, sites }: SimulationOptions,
  { generation, inForce }: SimulationState,
  candidate: SimulatedModel,
): Promise<SimulatedGeneration> {
  const hashes = {
    candidateHash: parseModelHash(candidate.hash),
    referenceHash: inForce === null ? null : parseModelHash(inForce.hash),
  };
  const reports: EvaluationReport[] = [];
  for (const site of sites) {
    const metrics = await evaluateCandidate({
      ...{ engine, plan, holdOut: site.holdOut() },
      candidate: candidate.path,
      reference: inForce?.path ?? null,
    });
    reports.push(
      evaluationReportSchema.parse({
        type: 'evaluation-report',
        version: 1,
        ...{ studyId: plan.studyId, generation, siteId: site.siteId, planHash: planHash(plan) },
        ...hashes,
        ...metrics,
        // Nothing is signed, so nothing can be replayed.
        nonce: '0'.repeat(32),
        createdAt: plan.createdAt,
      }),
    );
  }
  const { reasons, judgement } = judgeCandidate({ rule: plan.acceptance, ...hashes, reports });
  return {
    generation,
    ...hashes,
    promoted: reasons.length === 0,
    reasons,
    judgement,
    sites: reports.map(shown),
    pooled: pooled(reports),
  };
}

function shown(report: EvaluationReport): SimulatedEvaluation {
  const { siteId, holdOut, confidence, auc, aucVariance, aucDifference, brier, expectedCalibrationError } = report;
  return { siteId, holdOut, confidence, auc, aucVariance, aucDifference, brier, expectedCalibrationError };
}

/** An AUC of 0 or 1, or one without spread, has no logit to be pooled. */
function pooled(reports: readonly EvaluationReport[]): SimulatedGeneration['pooled'] {
  const able = reports.flatMap(({ siteId, auc, aucVariance }) =>
    auc === null || aucVariance === null
      ? []
      : [{ site: siteId, auc: auc.value, standardError: Math.sqrt(aucVariance) }],
  );
  try {
    const { auc, lower, upper } = poolAuc(able, reports[0]?.confidence);
    return { auc, low: lower, high: upper };
  } catch (error) {
    if (error instanceof EvaluationError && /^EVAL\.(EMPTY|BAD_SITE_RESULT)$/.test(error.code)) return null;
    throw error;
  }
}
