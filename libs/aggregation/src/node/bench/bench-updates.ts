import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createRng, parseBlobHash, parseModelHash, parsePlanHash, parseSiteId, parseStudyId } from '@fedistl/core';
import { type Envelope, Identity } from '@fedistl/crypto';
import { signMessage, type UpdateManifest } from '@fedistl/protocol';
import { type UpdateBlobLayout } from '../../update/update-blob';

/** An update on disk with the signed manifest that came with it. */
export interface BenchUpdate {
  readonly path: string;
  readonly envelope: Envelope;
  readonly identity: Identity;
  readonly layout: UpdateBlobLayout;
}

export interface BenchUpdatesOptions {
  readonly directory: string;
  readonly sites: number;
  readonly parameters: number;
}

/** Values written at a time, so that making the files takes no memory that would hide the aggregation's own. */
const maximumChunkValues = 262_144;

/**
 * Writes one update per site and signs its manifest. Values are normal-like noise of the size that a round's updates have;
 * they cost the aggregation what real ones do. `updates.json` lists file, data offset and weight for other programs.
 */
export function writeBenchUpdates({ directory, sites, parameters }: BenchUpdatesOptions): BenchUpdate[] {
  mkdirSync(directory, { recursive: true });
  const noise = new Float32Array(4 * Math.min(maximumChunkValues, parameters));
  createRng('bench').fillUniform(noise);
  for (let i = 0; i < noise.length; i++) noise[i] = ((noise[i] ?? 0) - 0.5) * 0.01;
  const made = Array.from({ length: sites }, (_, site) => writeUpdate({ directory, sites, parameters }, noise, site));
  const list = made.map(({ manifest, offset, file }) => ({
    path: file,
    offset,
    parameters,
    weight: manifest.counts.imagesSeen,
  }));
  writeFileSync(path.join(directory, 'updates.json'), JSON.stringify(list));
  return made.map(({ manifest, offset, file }) => {
    const identity = Identity.generate(manifest.siteId);
    const layout = { ...manifest.payload, updateOffset: offset, centreOffset: 0 };
    return { path: file, envelope: signMessage(manifest, identity), identity, layout };
  });
}

interface Written {
  readonly manifest: UpdateManifest;
  readonly offset: number;
  readonly file: string;
}

function writeUpdate({ directory, parameters }: BenchUpdatesOptions, noise: Float32Array, site: number): Written {
  const siteId = `site-${String(site).padStart(4, '0')}`;
  const file = path.join(directory, `${siteId}.safetensors`);
  const header = headerBytes(parameters);
  const descriptor = openSync(file, 'w');
  const hash = createHash('sha256').update(header);
  writeSync(descriptor, header);
  const chunkValues = noise.length / 4;
  for (let at = 0; at < parameters; at += chunkValues) {
    const start = (site * 7919 + at) % (noise.length - chunkValues);
    const values = noise.subarray(start, start + Math.min(chunkValues, parameters - at));
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    hash.update(bytes);
    writeSync(descriptor, bytes);
  }
  closeSync(descriptor);
  const byteLength = header.length + 4 * parameters;
  return {
    file,
    offset: header.length,
    manifest: manifestOf(siteId, { parameters, byteLength, hash: hash.digest('hex'), site }),
  };
}

/** The header that `encodeUpdateBlob` writes for float32, without the values. */
function headerBytes(parameters: number): Uint8Array {
  const tensor = { dtype: 'F32', shape: [parameters], data_offsets: [0, 4 * parameters] };
  const text = Buffer.from(JSON.stringify({ update: tensor }));
  const length = 8 * Math.ceil(text.length / 8);
  const header = Buffer.alloc(8 + length, 0x20);
  header.writeBigUInt64LE(BigInt(length));
  text.copy(header, 8);
  return header;
}

function manifestOf(
  siteId: string,
  { parameters, byteLength, hash, site }: { parameters: number; byteLength: number; hash: string; site: number },
): UpdateManifest {
  return {
    type: 'update-manifest',
    version: 1,
    studyId: parseStudyId('bench'),
    generation: 1,
    round: 1,
    attempt: 1,
    siteId: parseSiteId(siteId),
    planHash: parsePlanHash('a'.repeat(64)),
    baseModelHash: parseModelHash('b'.repeat(64)),
    teacherHash: parseModelHash('c'.repeat(64)),
    layoutHash: parseBlobHash('d'.repeat(64)),
    payload: {
      blobHash: parseBlobHash(hash),
      byteLength,
      parameters,
      encoding: { name: 'float32' },
      centreLength: 0,
    },
    counts: { steps: 500, imagesSeen: 4000 + 500 * site, acceptedPseudoLabels: 3000, labelledImages: 0 },
    statistics: {},
    nonce: '0123456789abcdef0123456789abcdef',
    createdAt: '2026-01-01T00:00:00Z',
  };
}
