import { type SiteId } from '@fedistl/core';

/**
 * One site's update blob, readable anywhere, wherever it lies: a file, an object store, memory. The aggregation reads it
 * in pieces and from the front, more than once if the rule needs it; two reads must give the same bytes.
 */
export interface UpdateSource {
  readonly siteId: SiteId;
  readonly byteLength: number;
  /** Bytes [offset, offset + length); the caller is done with them before the next read. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A source over bytes in memory. */
export function memoryUpdateSource(siteId: SiteId, bytes: Uint8Array): UpdateSource {
  return {
    siteId,
    byteLength: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}
