export { AggregationError, UpdateError } from './aggregation.errors';
export {
  type AggregatedUpdate,
  aggregateUpdates,
  type AggregationInput,
  type AggregationRequest,
  type SiteContribution,
} from './aggregate/aggregate-updates';
export { type NormalisedLayer } from './aggregate/normalised-layer';
export { type Pass, type PassOperation, type PassResult, type PassRunner } from './aggregate/pass';
export { type RefusedUpdate } from './aggregate/reading-check';
export { StreamPassRunner, type StreamOptions } from './aggregate/stream-pass-runner';
export { modelLayout, type UpdateForm, updateForm } from './close/update-form';
export { createValueDecoder, type ValueDecoder } from './encoding/decode-values';
export { encodeValues } from './encoding/encode-values';
export { encodedLength } from './encoding/encoding-size';
export { encodeWithFeedback, type FeedbackEncoded } from './encoding/error-feedback';
export { dinoLastLayer, type Exchange, type LastLayerNames, layoutHash, planExchange } from './exchange/exchange';
export { type NormalisedRegion } from './kernels/normalised-rows';
export { DistanceMatrix } from './rules/distance-matrix';
export { geometricMedianCoefficients, type GeometricMedianOptions } from './rules/geometric-median';
export { krumScores, selectBulyan, selectKrum } from './rules/krum';
export { type RuleConditions, ruleConditions } from './rules/rule-conditions';
export { keptMoments, type ServerMoments, type ServerStep, stepServer } from './server/server-optimiser';
export { moveTeacher } from './server/teacher-ema';
export { readCentre } from './update/read-centre';
export { type SiteCentre, weightedCentre } from './server/weighted-centre';
export { checkUpdateManifest, type UpdateExpectation, type UpdateRefusal } from './update/check-manifest';
export { encodeUpdateBlob, openUpdateBlob, type UpdateBlobContent, type UpdateBlobLayout } from './update/update-blob';
export { memoryUpdateSource, type UpdateSource } from './update/update-source';
export { siteWeights } from './weights/site-weights';
