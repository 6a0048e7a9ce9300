export { defaultChunkLimits, type ChunkLimits } from './transfer/chunk-size';
export { downloadBlob, type DownloadBlobOptions, type DownloadResult } from './transfer/download-blob';
export { forgetUpload, uploadBlob, type UploadBlobOptions, type UploadResult } from './transfer/upload-blob';
export { NodeControl } from './control/node-control';
export {
  controlFileSchema,
  type EgressAnswer,
  egressAnswerSchema,
  type NodeStatus,
  nodeStatusSchema,
} from './control/node-status.schema';
