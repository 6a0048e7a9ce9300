export {
  type CandidateQuestion,
  judgeCandidate,
  type RejectionCode,
  type RejectionReason,
} from './acceptance/judge-candidate';
export { ProtocolError } from './protocol.errors';
export { type ErrorBody, errorBody, errorBodySchema } from './messages/error-body.schema';
export { type EvaluationReport, evaluationReportSchema } from './messages/evaluation-report.schema';
export { type Approval, approvalSchema, type Revocation, revocationSchema } from './messages/governance.schema';
export { ledgerLeaf, parseLedgerEntry } from './messages/ledger-entry';
export { type LedgerEntry, ledgerEntrySchema, type LedgerEntryType } from './messages/ledger-entry.schema';
export { type Message, type MessageOf, type MessageType, messageVersions, parseMessage } from './messages/message';
export { type RoundManifest, roundManifestSchema } from './messages/round-manifest.schema';
export { messagePayloadType, type MessageTrust, openMessage, signMessage } from './messages/signed-message';
export { type UpdateCounts, type UpdateManifest, updateManifestSchema } from './messages/update-manifest.schema';
export {
  type AggregationModeName,
  type AggregationPlan,
  type AggregationRule,
  type NormBound,
  type ServerOptimiser,
  type Weighting,
} from './plan/aggregation-plan.schema';
export { planHash } from './plan/plan-hash';
export { referencePlan, type ReferencePlanOptions } from './plan/reference-plan';
export { type AcceptancePlan, type SchedulePlan, type StudyPlan, studyPlanSchema } from './plan/study-plan.schema';
export { type ModelPlan, type TrainingPlan } from './plan/training-plan.schema';
export { type LastLayerExchange, type TransferEncoding, type TransferPlan } from './plan/transfer-plan.schema';
export { checkManifestAgainstPolicy, type ManifestCheck } from './policy/check-manifest';
export { checkPlanAgainstPolicy, type PlanCheck } from './policy/check-plan';
export { withinHours } from './policy/opening-hours';
export { type RefusalCode, type RefusalReason } from './policy/reasons';
export { type SitePolicy, sitePolicySchema } from './policy/site-policy.schema';
export { type RoundEffect, type RoundEffectType, type RoundRefusal } from './round/round-effects';
export { type RoundEvent, type RoundEventType } from './round/round-events';
export { roundStateFromJson, type RoundStateJson, roundStateToJson } from './round/round-json';
export { roundTransitions, stepRound } from './round/round-machine';
export {
  contributions,
  isFinal,
  outstandingSites,
  type PlainCollection,
  plannedRound,
  type RoundKey,
  type RoundPhase,
  type RoundRules,
  type RoundState,
} from './round/round-state';
export { type Step, type Transition } from './round/transition';
export { transitionTable } from './round/transition-table';
