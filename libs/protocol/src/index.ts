export { type CandidateQuestion, type RejectionCode, type RejectionReason } from './acceptance/candidate-question';
export { judgeCandidate, type JudgedCandidate } from './acceptance/judge-candidate';
export { type Judgement, type PooledDifference, type SiteVerdict } from './acceptance/judgement.schema';
export { type Endpoint, type EndpointAccess, type HttpMethod } from './api/endpoint';
export {
  type Answer,
  apiBasePath,
  type EndpointName,
  endpoints,
  type ParsedAnswer,
  type ParsedBody,
  type ParsedQuery,
  type RequestBody,
  type RequestQuery,
} from './api/endpoints';
export { createEnrolmentCode, enrolmentCodeHash } from './api/enrolment-code';
export { envelopeSchema, publicIdentitySchema } from './api/envelope.schema';
export { type EvaluationsAnswer, type ModelState, type ModelView } from './api/model.schema';
export { type Person, type PersonRole, personRoleSchema } from './api/people.schema';
export {
  type ProposalState,
  type ProposalView,
  type ProposedAction,
  proposedActionSchema,
} from './api/proposal.schema';
export {
  type CoordinatorCard,
  type SiteActivity,
  siteActivitySchema,
  type SiteCapabilities,
  siteCapabilitiesSchema,
  type SiteState,
} from './api/site-session.schema';
export {
  type EvaluationWithdrawalRequest,
  type ParticipationRequest,
  type SiteWork,
  type WithdrawalRequest,
} from './api/site-work.schema';
export { type SiteView } from './api/site.schema';
export {
  type ConsoleEvent,
  consoleEventSchema,
  consoleServerEvents,
  siteAcknowledgements,
  siteClientEvents,
  siteServerEvents,
  socketAuthSchema,
  socketNamespaces,
  type TrainingProgress,
  trainingProgressSchema,
} from './api/socket-events.schema';
export { type RoundView, type StudyState, type StudyView } from './api/study.schema';
export { type UploadMetadata, uploadMetadataSchema, type UploadPurpose } from './api/upload.schema';
export { ProtocolError } from './protocol.errors';
export { type ErrorBody, errorBody, errorBodySchema } from './messages/error-body.schema';
export { type EvaluationOrder, evaluationOrderSchema } from './messages/evaluation-order.schema';
export { type EvaluationReport, evaluationReportSchema } from './messages/evaluation-report.schema';
export { type Approval, approvalSchema, type Revocation, revocationSchema } from './messages/governance.schema';
export { ledgerLeaf, parseLedgerEntry } from './messages/ledger-entry';
export { type LedgerEntry, ledgerEntrySchema, type LedgerEntryType } from './messages/ledger-entry.schema';
export {
  type Message,
  type MessageOf,
  type MessageType,
  messageVersions,
  parseMessage,
  parseWith,
} from './messages/message';
export { type RoundManifest, roundManifestSchema } from './messages/round-manifest.schema';
export { messagePayloadType, type MessageTrust, openMessage, signMessage } from './messages/signed-message';
export { type SiteEnrolment, siteEnrolmentSchema, type SiteLogin, siteLoginSchema } from './messages/site-login.schema';
export { type UpdateCounts, type UpdateManifest, updateManifestSchema } from './messages/update-manifest.schema';
export {
  type AggregationModeName,
  type AggregationPlan,
  type AggregationRule,
  type NormBound,
  type ServerOptimiser,
  type Weighting,
} from './plan/aggregation-plan.schema';
export { demoPlan } from './plan/demo-plan';
export { generationRules, type GenerationRules } from './plan/generation-rules';
export { planHash } from './plan/plan-hash';
export { referencePlan, type ReferencePlanOptions } from './plan/reference-plan';
export { type AcceptancePlan } from './plan/acceptance-plan.schema';
export { type SchedulePlan, type StudyPlan, studyPlanSchema, type TeacherPlan } from './plan/study-plan.schema';
export { type ModelPlan, type TrainingPlan } from './plan/training-plan.schema';
export { type LastLayerExchange, type TransferEncoding, type TransferPlan } from './plan/transfer-plan.schema';
export { type ViewsPlan } from './plan/views-plan.schema';
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
