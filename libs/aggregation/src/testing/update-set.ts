import { parseBlobHash, parseModelHash, parsePlanHash, parseSiteId, parseStudyId } from '@fedistl/core';
import { sha256Hex } from '@fedistl/crypto';
import { type TransferEncoding, type UpdateManifest } from '@fedistl/protocol';
import { encodeValues } from '../encoding/encode-values';
import { encodeUpdateBlob } from '../update/update-blob';

/** An update as a site would send it, for specs. */
export interface MadeUpdate {
  readonly manifest: UpdateManifest;
  readonly blob: Uint8Array;
  readonly weight: number;
}

export interface MadeUpdateOptions {
  readonly site: string;
  readonly values: Float32Array;
  readonly weight?: number;
  readonly encoding?: TransferEncoding;
  readonly centre?: Float32Array | null;
}

const hash = (digit: string): string => digit.repeat(64);

/** A site's update with a manifest that fits it; generation 1, round 1, attempt 1 of study `tb`. */
export function makeUpdate({
  site,
  values,
  weight = 1,
  encoding = { name: 'float32' },
  centre = null,
}: MadeUpdateOptions): MadeUpdate {
  const bytes = encodeValues(values, encoding);
  const blob = encodeUpdateBlob({ encoding, parameters: values.length, bytes, centre });
  return { blob, weight, manifest: manifestOf(site, blob, { encoding, parameters: values.length, centre }) };
}

function manifestOf(
  site: string,
  blob: Uint8Array,
  { encoding, parameters, centre }: { encoding: TransferEncoding; parameters: number; centre: Float32Array | null },
): UpdateManifest {
  return {
    type: 'update-manifest',
    version: 1,
    studyId: parseStudyId('tb'),
    generation: 1,
    round: 1,
    attempt: 1,
    siteId: parseSiteId(site),
    planHash: parsePlanHash(hash('a')),
    baseModelHash: parseModelHash(hash('c')),
    teacherHash: parseModelHash(hash('b')),
    layoutHash: parseBlobHash(hash('d')),
    payload: {
      blobHash: parseBlobHash(sha256Hex(blob)),
      byteLength: blob.length,
      parameters,
      encoding,
      centreLength: centre?.length ?? 0,
    },
    counts: { steps: 500, imagesSeen: 8000, acceptedPseudoLabels: 6000, labelledImages: 0 },
    statistics: {},
    nonce: '0123456789abcdef0123456789abcdef',
    createdAt: '2026-01-01T00:00:00Z',
  };
}

/** The bits of a result, for comparisons that tell -0 from +0. */
export function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(Float32Array.from(values).buffer);
}
