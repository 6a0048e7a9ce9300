import { readFileSync } from 'node:fs';
import { writeDicom } from '../dicom-writer/write-dicom';
import { decodeBytes } from './decode-bytes';
import { TRANSFER_SYNTAXES } from './dicom/transfer-syntax';
import { syntheticPixels } from './synthetic-pixels';

export interface DecodeBenchOptions {
  /** Side of the synthetic image, pixels; default 1024. */
  readonly size?: number;
  /** Decodes of each file; the fastest counts. Default 5. */
  readonly repeats?: number;
  /** DICOM files to time instead of synthetic ones. Their names are not kept. */
  readonly files?: readonly string[];
}

export interface DecodeBenchRow {
  readonly transferSyntax: string;
  readonly name: string;
  readonly bitsStored: number;
  readonly megapixels: number;
  readonly encodedBytes: number;
  /** Of one thread, from the file's bytes to stored values with their hashes. */
  readonly megapixelsPerSecond: number;
}

/**
 * Measures the decode rate of each transfer syntax, in this thread, on a synthetic 12-bit image (8-bit where the syntax has
 * no more) or on files of the caller's.
 */
export async function benchDecode(options: DecodeBenchOptions = {}): Promise<DecodeBenchRow[]> {
  const { size = 1024, repeats = 5, files } = options;
  const inputs =
    files === undefined ? syntheticFiles(size) : files.map((file) => () => Promise.resolve(readFileSync(file)));
  const rows: DecodeBenchRow[] = [];
  for (const input of inputs) rows.push(await timeFile(await input(), repeats));
  return rows;
}

function syntheticFiles(size: number): (() => Promise<Uint8Array>)[] {
  return TRANSFER_SYNTAXES.map(({ uid }) => () => {
    const eightBit = uid.endsWith('.4.50') || uid.endsWith('.4.55');
    const shape = {
      rows: size,
      columns: size,
      bitsAllocated: eightBit ? 8 : 16,
      bitsStored: eightBit ? 8 : 12,
    } as const;
    return writeDicom({ transferSyntax: uid, pixels: { ...shape, values: syntheticPixels(shape) } });
  });
}

async function timeFile(bytes: Uint8Array, repeats: number): Promise<DecodeBenchRow> {
  let fastestMs = Infinity;
  let decoded = await decodeBytes(bytes, { frames: 'all' });
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const start = performance.now();
    decoded = await decodeBytes(bytes, { frames: 'all' });
    fastestMs = Math.min(fastestMs, performance.now() - start);
  }
  const megapixels = (decoded.rows * decoded.columns * decoded.framesDecoded) / 1e6;
  const uid = decoded.transferSyntax ?? '';
  return {
    transferSyntax: uid,
    name: TRANSFER_SYNTAXES.find((syntax) => syntax.uid === uid)?.name ?? decoded.format,
    bitsStored: decoded.bitsStored,
    megapixels,
    encodedBytes: bytes.length,
    megapixelsPerSecond: megapixels / (fastestMs / 1000),
  };
}
