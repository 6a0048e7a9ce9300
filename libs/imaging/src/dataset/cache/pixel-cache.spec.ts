import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';

import fc from 'fast-check';

import { sampleLevels, SampleFolder } from '../testing/sample-images';
import { CACHE_HEADER_BYTES, recordOffset, recordStride } from './pixel-cache-format';
import { PixelCacheReader } from './pixel-cache-reader';
import { PixelCacheWriter } from './pixel-cache-writer';
import { type PixelSpec } from './pixel-spec';

const SPEC: PixelSpec = { size: 20, bits: 8, fit: 'squash', mode: 'clinical' };
const RECORDS = 12;

describe('pixel cache', () => {
  const folder = new SampleFolder();
  afterAll(() => {
    folder.remove();
  });
  const images = Array.from({ length: RECORDS }, (_, at) => sampleLevels(`image ${at}`, SPEC.size));
  const slots = images.map((image, slot) => ({
    slot,
    contentSha256: createHash('sha256').update(image).digest('hex'),
  }));
  const fill = (file: string, from = 0): void => {
    const { writer } = PixelCacheWriter.open(file, SPEC, from);
    for (let slot = from; slot < RECORDS; slot += 1) writer.write(slot, slots[slot]!.contentSha256, images[slot]!);
    writer.sync();
    writer.close();
  };
  const fresh = (name: string): string => {
    const file = folder.path(name);
    fill(file);
    return file;
  };

  it('lies at fixed offsets, aligned to 64 bytes, so that it can be mapped as one array', () => {
    const file = fresh('layout');
    expect(recordStride(SPEC)).toBe(512);
    expect(statSync(file).size).toBe(CACHE_HEADER_BYTES + RECORDS * 512);
    const start = recordOffset(SPEC, 7) + 64;
    expect(
      readFileSync(file)
        .subarray(start, start + 400)
        .equals(Buffer.from(images[7]!)),
    ).toBe(true);
  });

  it('reads any images in any order, repeated ones too', () => {
    const reader = PixelCacheReader.open(fresh('order'));
    fc.assert(
      fc.property(fc.array(fc.nat(RECORDS - 1), { maxLength: 40 }), (wanted) => {
        const out = new Uint8Array(wanted.length * reader.imageBytes);
        reader.read(
          wanted.map((at) => slots[at]!),
          out,
        );
        wanted.forEach((at, position) => {
          expect(Buffer.from(out.subarray(position * 400, (position + 1) * 400)).equals(Buffer.from(images[at]!))).toBe(
            true,
          );
        });
      }),
      { numRuns: 50 },
    );
    reader.close();
  });

  it('finds every single flipped byte', () => {
    const file = fresh('flip');
    const start = recordOffset(SPEC, 3);
    const original = readFileSync(file);
    fc.assert(
      fc.property(fc.nat(463), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        patch(file, start + at, original[start + at]! ^ mask);
        const reader = PixelCacheReader.open(file);
        expect(reader.fault(slots[3]!)).not.toBeNull();
        expect(() => {
          reader.read([slots[3]!], new Uint8Array(400));
        }).toThrow(expect.objectContaining({ code: 'DATASET.CACHE_CHECKSUM' }) as Error);
        expect(reader.fault(slots[2]!)).toBeNull();
        reader.close();
        patch(file, start + at, original[start + at]!);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses pixels of another image, and room of another size', () => {
    const reader = PixelCacheReader.open(fresh('wrong'));
    expect(() => {
      reader.read([{ slot: 1, contentSha256: slots[2]!.contentSha256 }], new Uint8Array(400));
    }).toThrow(/belongs to another image/);
    expect(() => {
      reader.read([slots[1]!], new Uint8Array(399));
    }).toThrow(expect.objectContaining({ code: 'DATASET.RANGE' }) as Error);
    reader.close();
  });

  it('cuts off what was written after the last commit, torn or whole, and ends equal to an undisturbed file', () => {
    const undisturbed = readFileSync(fresh('undisturbed'));
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: RECORDS }),
        fc.uint8Array({ minLength: 1, maxLength: 1500 }),
        (committed, torn) => {
          const file = folder.path('torn');
          fill(file);
          truncateSync(file, recordOffset(SPEC, committed));
          appendFileSync(file, torn);
          fill(file, committed);
          expect(readFileSync(file).equals(undisturbed)).toBe(true);
          truncateSync(file, CACHE_HEADER_BYTES);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('says how many records are left of a file that was cut short', () => {
    const file = fresh('short');
    truncateSync(file, recordOffset(SPEC, 4) + 100);
    const { writer, wholeRecords } = PixelCacheWriter.open(file, SPEC, RECORDS);
    writer.close();
    expect(wholeRecords).toBe(4);
  });

  it.each([
    ['another layout', { ...SPEC, size: 21 }],
    ['another fit', { ...SPEC, fit: 'pad' as const }],
  ])('refuses to append to a file of %s', (_, spec) => {
    const file = fresh('other');
    expect(() => PixelCacheWriter.open(file, spec, 0)).toThrow(
      expect.objectContaining({ code: 'DATASET.CACHE_FORMAT' }) as Error,
    );
  });

  it('refuses a damaged header and a missing file', () => {
    const file = fresh('header');
    // "Pad" in place of "squash" is a header that makes sense: nothing but the checksum tells.
    patch(file, 40, 1);
    expect(() => PixelCacheReader.open(file)).toThrow(
      expect.objectContaining({
        code: 'DATASET.CACHE_FORMAT',
        message: expect.stringContaining('checksum') as string,
      }) as Error,
    );
    expect(() => PixelCacheReader.open(folder.path('absent'))).toThrow(
      expect.objectContaining({ code: 'DATASET.CACHE_MISSING' }) as Error,
    );
  });
});

function patch(file: string, offset: number, value: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Uint8Array.of(value), 0, 1, offset);
  closeSync(descriptor);
}
