export { createNativeSha256, hashFile } from './native-sha256';
