export { type AggregateFilesRequest, aggregateFiles, type StoredUpdate } from './aggregate-files';
export { FilePassRunner, type FilePassOptions, type UpdateFile } from './file-pass-runner';
export { PassWorkerPool } from './pass-worker-pool';
export { type FileUpdateSource, openFileUpdateSource } from './file-update-source';
export { benchAggregate, type BenchAggregateOptions, type BenchAggregateReport } from './bench/bench-aggregate';
