import { decodeSafetensors } from '@fedistl/core';
import { type TransferEncoding } from '@fedistl/protocol';
import { makeUpdate } from '../testing/update-set';
import { readCentre } from './read-centre';
import { openUpdateBlob } from './update-blob';
import { memoryUpdateSource } from './update-source';

const values = Float32Array.from({ length: 100 }, (_, i) => i - 50);
const centre = Float32Array.of(0.5, -0.25);

async function open(blob: Uint8Array, payload = makeUpdate({ site: 's1', values, centre }).manifest.payload) {
  const { manifest } = makeUpdate({ site: 's1', values });
  return openUpdateBlob(memoryUpdateSource(manifest.siteId, blob), payload);
}

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('update blob', () => {
  it.each<TransferEncoding>([
    { name: 'float32' },
    { name: 'float16' },
    { name: 'bfloat16' },
    { name: 'int8-block', blockLength: 64, errorFeedback: false },
  ])('in %j is a safetensors file whose update ends it, with the centre before', async (encoding) => {
    const { blob, manifest } = makeUpdate({ site: 's1', values, encoding, centre });
    expect([...decodeSafetensors(blob).tensors.keys()].sort()).toEqual(['centre', 'update']);
    const layout = await open(blob, manifest.payload);
    expect(layout.parameters).toBe(100);
    const source = memoryUpdateSource(manifest.siteId, blob);
    expect(await readCentre(source, layout)).toEqual(centre);
    expect(layout.centreOffset).toBeLessThan(layout.updateOffset);
  });

  it.each([Number.NaN, Infinity, -Infinity])('is refused with %p in its centre', async (bad) => {
    const { blob, manifest } = makeUpdate({ site: 's1', values, centre: Float32Array.of(0.5, bad) });
    const layout = await open(blob, manifest.payload);
    const source = memoryUpdateSource(manifest.siteId, blob);
    await expect(readCentre(source, layout)).rejects.toThrow(refused('UPDATE.NOT_FINITE'));
  });

  it('is refused when it ends within its centre', async () => {
    const { blob, manifest } = makeUpdate({ site: 's1', values, centre });
    const layout = await open(blob, manifest.payload);
    const short = memoryUpdateSource(manifest.siteId, blob.subarray(0, layout.centreOffset + 5));
    await expect(readCentre(short, layout)).rejects.toThrow(refused('UPDATE.LENGTH_MISMATCH'));
  });

  it('carries no centre where none was sent', async () => {
    const { blob, manifest } = makeUpdate({ site: 's1', values });
    const layout = await open(blob, manifest.payload);
    expect(await readCentre(memoryUpdateSource(manifest.siteId, blob), layout)).toBeNull();
  });

  it('is refused when it does not have the announced length', async () => {
    const { blob } = makeUpdate({ site: 's1', values, centre });
    await expect(open(blob.subarray(1))).rejects.toThrow(refused('UPDATE.LENGTH_MISMATCH'));
  });

  it('is refused when it is no safetensors file, or announces a header beyond reason', async () => {
    const { blob, manifest } = makeUpdate({ site: 's1', values, centre });
    await expect(open(Uint8Array.from(blob).fill(0, 0, 16), manifest.payload)).rejects.toThrow(
      refused('UPDATE.MALFORMED_BLOB'),
    );
    const long = Uint8Array.from(blob);
    long.set([0xff, 0xff, 0xff, 0x7f], 0);
    await expect(open(long, manifest.payload)).rejects.toThrow(refused('UPDATE.MALFORMED_BLOB'));
  });

  it('is refused when its tensors have another shape, type or number', async () => {
    const { blob, manifest } = makeUpdate({ site: 's1', values, centre });
    const { payload } = manifest;
    await expect(open(blob, { ...payload, parameters: 99 })).rejects.toThrow(refused('UPDATE.SHAPE_MISMATCH'));
    await expect(open(blob, { ...payload, encoding: { name: 'float16' } })).rejects.toThrow(
      refused('UPDATE.SHAPE_MISMATCH'),
    );
    await expect(open(blob, { ...payload, centreLength: 3 })).rejects.toThrow(refused('UPDATE.SHAPE_MISMATCH'));
    await expect(open(blob, { ...payload, centreLength: 0 })).rejects.toThrow(refused('UPDATE.MALFORMED_BLOB'));
  });
});
