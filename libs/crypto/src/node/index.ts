export {
  openKeyFile,
  readKeyFile,
  readUnlockSecret,
  writeKeyFile,
  type WriteKeyFileOptions,
  writeUnlockSecret,
} from './key-file';
export { readKnownHead, readNoteKeys, verifyLedgerFile, writeLedgerFile } from './ledger-file';
export { verifyEd25519Native } from './native-ed25519';
export { nativeScrypt } from './native-scrypt';
export { createNativeSha256, hashFile } from './native-sha256';
export { readPublicIdentityFile } from './public-identity-file';
