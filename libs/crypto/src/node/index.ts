export { openKeyFile, readKeyFile, readUnlockSecret, writeKeyFile, type WriteKeyFileOptions } from './key-file';
export { verifyEd25519Native } from './native-ed25519';
export { nativeScrypt } from './native-scrypt';
export { createNativeSha256, hashFile } from './native-sha256';
