export { type AggregateFilesRequest, aggregateFiles, type StoredUpdate } from './aggregate-files';
export { type HashedFile } from './close-files';
export { readUpdateForm } from './close-form';
export { type ClosedRound, closeRound, type CloseRoundRequest } from './close-round';
export { type RoundUpdate } from './close-sites';
export { FilePassRunner, type FilePassOptions, type UpdateFile } from './file-pass-runner';
export { PassWorkerPool } from './pass-worker-pool';
export { type FileUpdateSource, openFileUpdateSource } from './file-update-source';
export { benchAggregate, type BenchAggregateOptions, type BenchAggregateReport } from './bench/bench-aggregate';
