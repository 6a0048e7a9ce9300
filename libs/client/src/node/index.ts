export { defaultChunkLimits, type ChunkLimits } from './transfer/chunk-size';
export { downloadBlob, type DownloadBlobOptions, type DownloadResult } from './transfer/download-blob';
export { forgetUpload, uploadBlob, type UploadBlobOptions, type UploadResult } from './transfer/upload-blob';
export { openRoute, type Route } from './route/open-route';
export {
  ROUTE_VARIABLES,
  type RouteConventions,
  routeConventions,
  type RouteSettings,
  routeSettings,
} from './route/route-settings';
export { NodeControl } from './control/node-control';
export {
  controlFileSchema,
  type EgressAnswer,
  egressAnswerSchema,
  type NodeStatus,
  nodeStatusSchema,
} from './control/node-status.schema';
