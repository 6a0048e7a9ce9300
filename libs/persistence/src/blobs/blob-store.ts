import { type Readable } from 'node:stream';
import { type BlobHash } from '@fedistl/core';

/** Part of a blob, in bytes: from `start` up to and with `end`. */
export interface BlobRange {
  readonly start: number;
  readonly end: number;
}

/** A blob that the store has taken. */
export interface StoredBlob {
  readonly hash: BlobHash;
  readonly byteLength: number;
}

/** A blob as the store lists it. */
export interface ListedBlob extends StoredBlob {
  /** When its bytes were put last. */
  readonly storedAt: Date;
}

/**
 * Bytes called by their SHA-256. A blob never changes, so putting one twice is putting it once; it is there whole or not at
 * all, whatever happens while it is written.
 */
export abstract class BlobStore {
  /** Length in bytes, or undefined when the store does not have it. */
  abstract size(hash: BlobHash): Promise<number | undefined>;

  async has(hash: BlobHash): Promise<boolean> {
    return (await this.size(hash)) !== undefined;
  }

  /**
   * A file on this machine with the blob's bytes, for readers that seek. A store elsewhere fetches it into a cache first.
   *
   * @throws PersistenceError `BLOB.NOT_FOUND`
   */
  abstract localPath(hash: BlobHash): Promise<string>;

  /** The bytes, or a range of them. @throws PersistenceError `BLOB.NOT_FOUND`, `BLOB.BAD_RANGE` */
  abstract read(hash: BlobHash, range?: BlobRange): Promise<Readable>;

  /**
   * Takes a finished file, which is moved where that is possible and gone afterwards in any case. Its bytes are hashed.
   *
   * @throws PersistenceError `BLOB.HASH_MISMATCH`: the file is left where it is
   */
  abstract putFile(path: string, expected: BlobHash): Promise<StoredBlob>;

  /**
   * Takes what a stream yields, to its end.
   *
   * @param expected refused unless the bytes have this hash; any hash unless given
   * @throws PersistenceError `BLOB.HASH_MISMATCH`
   */
  abstract putStream(chunks: AsyncIterable<Uint8Array>, expected?: BlobHash): Promise<StoredBlob>;

  /**
   * A new folder for files that are made to be put, where that costs no copy. Remove it when done; what a crash leaves behind
   * is removed later.
   */
  abstract workspace(): Promise<string>;

  /** Every blob of the store, in no order; those that come or go meanwhile may be missing. */
  abstract list(): AsyncGenerator<ListedBlob>;

  /** Whether there was one. */
  abstract delete(hash: BlobHash): Promise<boolean>;
}
