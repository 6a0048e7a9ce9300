export { readTextFile, type ReadTextLimits } from './read-text-file';
export { FileSource } from './file-source';
export { FileError, toFileError } from './file.errors';
export {
  openSafetensorsFile,
  readSafetensorsFile,
  type SafetensorsFile,
  writeSafetensorsFile,
} from './safetensors-file';
export { writeFileAtomic } from './write-file-atomic';
export { launchProcess } from './threads/launch-process';
export { launchWorker } from './threads/launch-worker';
export { faultPoint } from './faults/fault-point';
