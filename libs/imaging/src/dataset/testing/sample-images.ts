import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { createRng } from '@fedistl/core';
import sharp from 'sharp';

import { type DicomHeader } from '../../dicom-writer/dicom-attribute';
import { writeDicom } from '../../dicom-writer/write-dicom';

/** Grey levels that look like nothing, [size, size], but differ for every name: images for tests of the data set. */
export function sampleLevels(name: string, size: number): Uint8Array {
  const rng = createRng(name);
  const [a, b] = [rng.uniform(0.5, 4), rng.uniform(0.5, 4)];
  const levels = new Uint8Array(size * size);
  for (let at = 0; at < levels.length; at += 1) {
    const [x, y] = [(at % size) / size, Math.floor(at / size) / size];
    levels[at] = 128 + 90 * Math.sin(6 * (a * x + b * y)) + rng.uniform(-30, 30);
  }
  return levels;
}

/** Bytes of a grey PNG. */
export async function pngBytes(levels: Uint8Array, size: number): Promise<Buffer> {
  return sharp(levels, { raw: { width: size, height: size, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** Bytes of a DICOM file, explicit little endian. */
export async function dicomBytes(levels: Uint8Array, size: number, header: DicomHeader): Promise<Uint8Array> {
  return writeDicom({
    transferSyntax: '1.2.840.10008.1.2.1',
    pixels: { values: levels, rows: size, columns: size, bitsAllocated: 8, bitsStored: 8 },
    header,
  });
}

/** A folder for one test. */
export class SampleFolder {
  readonly root = mkdtempSync(path.join(tmpdir(), 'fedistl-dataset-'));

  path(relative: string): string {
    return path.join(this.root, relative);
  }

  write(relative: string, bytes: Uint8Array | string): string {
    const file = this.path(relative);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  }

  /** A PNG whose pixels depend on `content`. */
  async png(relative: string, content = relative, size = 32): Promise<string> {
    return this.write(relative, await pngBytes(sampleLevels(content, size), size));
  }

  async dicom(relative: string, header: DicomHeader, content = relative, size = 256): Promise<string> {
    return this.write(relative, await dicomBytes(sampleLevels(content, size), size, header));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
