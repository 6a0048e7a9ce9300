export { FileSource } from './file-source';
export { FileError, toFileError } from './file.errors';
export {
  openSafetensorsFile,
  readSafetensorsFile,
  type SafetensorsFile,
  writeSafetensorsFile,
} from './safetensors-file';
export { writeFileAtomic } from './write-file-atomic';
