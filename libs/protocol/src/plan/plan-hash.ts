import { canonicalBytes, type PlanHash, parsePlanHash } from '@fedistl/core';
import { sha256Hex } from '@fedistl/crypto';
import { type StudyPlan } from './study-plan.schema';

/**
 * What a plan is called by: SHA-256 of its canonical JSON (RFC 8785), 64 hex digits. Two plans with the same members in
 * another order, or with numbers written otherwise, have the same hash; any change of meaning has another.
 */
export function planHash(plan: StudyPlan): PlanHash {
  return parsePlanHash(sha256Hex(canonicalBytes(plan)));
}
