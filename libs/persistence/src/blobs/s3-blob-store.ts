/**
 * What a `BlobStore` on an S3-compatible service will need; the adapter is not written yet. One object a blob, under
 * `prefix` + hash. Notes for its author:
 *
 * - `putFile` and `putStream` upload with `x-amz-checksum-sha256`, so that the service verifies the hash as well; a multipart
 *   upload needs the checksum type FULL_OBJECT or a copy step, because the hash of parts is not the blob's.
 * - An object appears whole or not at all by itself: no temporary name is needed.
 * - `localPath` downloads to `cacheDirectory` with the same atomic rename as the directory store, and hashes on the way;
 *   aggregation reads updates from there. Evict by age, never a file that is open.
 * - `read` passes the range on; `delete` of an unknown key answers false after a HEAD.
 */
export interface S3BlobStoreSettings {
  /** For services other than AWS. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  /** Such as `fedistl/blobs/`. */
  readonly prefix: string;
  readonly cacheDirectory: string;
}
