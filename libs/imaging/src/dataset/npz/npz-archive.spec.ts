import { crc32 } from 'node:zlib';

import { zipSync } from 'fflate';

import { SampleFolder } from '../testing/sample-images';
import { NpzArchive } from './npz-archive';

/** Bytes of a `.npy` file, version 1.0, as numpy.save writes it. */
function npy(dtype: string, shape: readonly number[], values: Uint8Array): Uint8Array {
  const list = shape.length === 1 ? `${shape[0]!},` : shape.join(', ');
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${list}), }`;
  const header = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11) + '\n';
  const bytes = new Uint8Array(10 + header.length + values.length);
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(Buffer.from(header, 'latin1'), 10);
  bytes.set(values, 10 + header.length);
  return bytes;
}

describe('NpzArchive', () => {
  const folder = new SampleFolder();
  afterAll(() => {
    folder.remove();
  });
  const pixels = Uint8Array.from({ length: 5 * 40_000 }, (_, at) => (at * 7919) % 251);

  it.each([0, 6] as const)('streams rows of a member at compression level %p', async (level) => {
    const file = folder.write(`level-${level}.npz`, zipSync({ 'x.npy': npy('|u1', [5, 200, 200], pixels) }, { level }));
    const archive = await NpzArchive.open(file);
    expect(await archive.header('x')).toMatchObject({ dtype: '|u1', shape: [5, 200, 200] });
    const rows: Buffer[] = [];
    for await (const row of archive.rows('x')) rows.push(row);
    expect(rows).toHaveLength(5);
    expect(Buffer.concat(rows).equals(Buffer.from(pixels))).toBe(true);
  });

  it('reads labels of any width', async () => {
    const wide = new Uint8Array(new BigInt64Array([1n, 0n, -1n, 300n]).buffer);
    const file = folder.write('labels.npz', zipSync({ 'y.npy': npy('<i8', [2, 2], wide) }));
    expect(await (await NpzArchive.open(file)).numbers('y')).toEqual([
      [1, 0],
      [-1, 300],
    ]);
  });

  it('reads 64-bit sizes and offsets, which numpy writes for large members', async () => {
    const content = npy(
      '|u1',
      [3, 4],
      Uint8Array.from({ length: 12 }, (_, at) => at),
    );
    const archive = await NpzArchive.open(folder.write('wide.npz', zip64('x.npy', content)));
    expect(await archive.numbers('x')).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
  });

  it.each([
    ['text', () => Buffer.from('not a ZIP archive at all, although it has some length')],
    ['an archive cut short', () => zipSync({ 'x.npy': npy('|u1', [5, 200, 200], pixels) }).subarray(0, -40)],
    ['objects, which would be pickles', () => zipSync({ 'x.npy': npy('|O', [1], new Uint8Array(8)) })],
    [
      'Fortran order',
      () =>
        zipSync({
          'x.npy': Buffer.from(
            Buffer.from(npy('|u1', [2, 2], new Uint8Array(4)))
              .toString('latin1')
              .replace('False', 'True '),
            'latin1',
          ),
        }),
    ],
    ['fewer rows than the header says', () => zipSync({ 'x.npy': npy('|u1', [9, 200, 200], pixels) })],
    ['a flipped bit', () => flipped(zipSync({ 'x.npy': npy('|u1', [5, 200, 200], pixels) }, { level: 0 }), 5000)],
  ])('refuses %s', async (_, bytes) => {
    const file = folder.write('bad.npz', bytes());
    const read = async (): Promise<void> => {
      const archive = await NpzArchive.open(file);
      for await (const row of archive.rows('x')) expect(row.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ code: 'DATASET.NPZ' });
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

/** A ZIP file with one stored member whose sizes and offset stand in ZIP64 fields only. */
function zip64(name: string, content: Uint8Array): Uint8Array {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(content.length), 4);
  extra.writeBigUInt64LE(BigInt(content.length), 12);
  extra.writeBigUInt64LE(0n, 20);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt32LE(crc32(content), 16);
  for (const at of [20, 24, 42]) central.writeUInt32LE(0xffffffff, at);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt16LE(extra.length, 30);
  const directory = Buffer.concat([central, Buffer.from(name), extra]);
  const body = Buffer.concat([local, Buffer.from(name), content]);
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeBigUInt64LE(1n, 32);
  end64.writeBigUInt64LE(BigInt(directory.length), 40);
  end64.writeBigUInt64LE(BigInt(body.length), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(body.length + directory.length), 8);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(0xffff, 10);
  end.writeUInt32LE(0xffffffff, 12);
  end.writeUInt32LE(0xffffffff, 16);
  return Buffer.concat([body, directory, end64, locator, end]);
}
