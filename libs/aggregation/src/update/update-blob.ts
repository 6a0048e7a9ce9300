import {
  DomainError,
  encodeSafetensors,
  float32Tensor,
  type NamedTensor,
  openSafetensors,
  type SafetensorsEntry,
} from '@fedistl/core';
import { type TransferEncoding, type UpdateManifest } from '@fedistl/protocol';
import { UpdateError } from '../aggregation.errors';
import { encodedLength, scaleBytes } from '../encoding/encoding-size';
import { type UpdateSource } from './update-source';

/** Tensor of the flat update vector, and of the centre's mean over the site's images. */
const updateName = 'update';
const centreName = 'centre';

/** Type and shape of the `update` tensor for an encoding. int8 blocks are rows of scale (4 bytes) and values. */
function tensorForm(encoding: TransferEncoding, count: number): Pick<NamedTensor, 'dtype' | 'shape'> {
  switch (encoding.name) {
    case 'float32':
      return { dtype: 'F32', shape: [count] };
    case 'float16':
      return { dtype: 'F16', shape: [count] };
    case 'bfloat16':
      return { dtype: 'BF16', shape: [count] };
    case 'int8-block':
      return { dtype: 'U8', shape: [Math.ceil(count / encoding.blockLength), scaleBytes + encoding.blockLength] };
  }
}

export interface UpdateBlobContent {
  readonly encoding: TransferEncoding;
  /** Number of values that `bytes` encode. */
  readonly parameters: number;
  /** What `encodeValues` or `encodeWithFeedback` made. */
  readonly bytes: Uint8Array;
  /** The DINO centre's mean over the site's images, or null. */
  readonly centre: Float32Array | null;
}

/** The safetensors file that a site uploads: `centre` (if any), then `update`. */
export function encodeUpdateBlob({ encoding, parameters, bytes, centre }: UpdateBlobContent): Uint8Array {
  const form = tensorForm(encoding, parameters);
  const data =
    form.dtype === 'U8'
      ? bytes
      : form.dtype === 'F32'
        ? new Float32Array(bytes.buffer, bytes.byteOffset, parameters)
        : new Uint16Array(bytes.buffer, bytes.byteOffset, parameters);
  const update: NamedTensor = { name: updateName, ...form, data };
  return encodeSafetensors(centre === null ? [update] : [update, float32Tensor(centreName, [centre.length], centre)]);
}

/** Where things lie in a blob that fits its manifest. */
export interface UpdateBlobLayout {
  readonly encoding: TransferEncoding;
  readonly parameters: number;
  readonly byteLength: number;
  readonly updateOffset: number;
  readonly centreOffset: number;
  readonly centreLength: number;
}

/**
 * Reads a blob's header and holds it against the signed manifest; nothing else is read or allocated.
 *
 * @throws UpdateError `UPDATE.LENGTH_MISMATCH`, `UPDATE.MALFORMED_BLOB`, `UPDATE.SHAPE_MISMATCH`
 */
export async function openUpdateBlob(
  source: UpdateSource,
  payload: UpdateManifest['payload'],
): Promise<UpdateBlobLayout> {
  if (source.byteLength !== payload.byteLength) {
    throw new UpdateError(
      'UPDATE.LENGTH_MISMATCH',
      `expected a blob of ${payload.byteLength} bytes from ${source.siteId}, got ${source.byteLength}`,
    );
  }
  const { entries, dataStart } = await readHeader(source);
  const form = tensorForm(payload.encoding, payload.parameters);
  const update = requireTensor(entries, updateName, form);
  const centre =
    payload.centreLength === 0
      ? null
      : requireTensor(entries, centreName, { dtype: 'F32', shape: [payload.centreLength] });
  const expectedNames = centre === null ? 1 : 2;
  if (entries.size !== expectedNames) {
    throw new UpdateError(
      'UPDATE.MALFORMED_BLOB',
      `expected ${expectedNames} tensors in the blob, got ${entries.size}`,
    );
  }
  const bytes = encodedLength(payload.encoding, payload.parameters);
  // The writer puts the centre first; a reader that streams front to back relies on the update being last.
  if (dataStart + update.begin + bytes !== source.byteLength) {
    throw new UpdateError(
      'UPDATE.MALFORMED_BLOB',
      `expected the update at the end of the blob, got it at ${update.begin}`,
    );
  }
  return {
    encoding: payload.encoding,
    parameters: payload.parameters,
    byteLength: source.byteLength,
    updateOffset: dataStart + update.begin,
    centreOffset: centre === null ? 0 : dataStart + centre.begin,
    centreLength: payload.centreLength,
  };
}

async function readHeader(
  source: UpdateSource,
): Promise<{ entries: ReadonlyMap<string, SafetensorsEntry>; dataStart: number }> {
  try {
    const reader = await openSafetensors(
      { size: source.byteLength, read: (offset, length) => source.read(offset, length) },
      { maxHeaderBytes: 4096, maxTensors: 2 },
    );
    return reader.header;
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new UpdateError(
      'UPDATE.MALFORMED_BLOB',
      `expected a safetensors blob from ${source.siteId}: ${cause.message}`,
      {
        cause,
      },
    );
  }
}

function requireTensor(
  entries: ReadonlyMap<string, SafetensorsEntry>,
  name: string,
  { dtype, shape }: Pick<NamedTensor, 'dtype' | 'shape'>,
): SafetensorsEntry {
  const entry = entries.get(name);
  const got = entry === undefined ? 'none' : `${entry.dtype} [${entry.shape.join(', ')}]`;
  const expected = `${dtype} [${shape.join(', ')}]`;
  if (entry !== undefined && got === expected) return entry;
  throw new UpdateError('UPDATE.SHAPE_MISMATCH', `expected tensor ${name} of ${expected}, got ${got}`);
}
