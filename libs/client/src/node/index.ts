export { defaultChunkLimits, type ChunkLimits } from './transfer/chunk-size';
export { downloadBlob, type DownloadBlobOptions, type DownloadResult } from './transfer/download-blob';
export { forgetUpload, uploadBlob, type UploadBlobOptions, type UploadResult } from './transfer/upload-blob';
