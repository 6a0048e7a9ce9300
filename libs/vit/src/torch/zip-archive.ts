import { crc32, inflateRawSync } from 'node:zlib';
import { type RandomAccessSource } from '@fedistl/core';
import { TorchFileError } from '../vit.errors';
import { readZipDirectory, type ZipEntry } from './zip-directory';

const localHeaderBytes = 30;
/** PyTorch stores its tensors unpacked; only a file packed anew by hand has deflated ones. */
const maxInflatedBytes = 2 ** 30;

/** A zip archive read from anywhere, entry by entry. */
export class ZipArchive {
  private constructor(
    private readonly source: RandomAccessSource,
    readonly entries: ReadonlyMap<string, ZipEntry>,
  ) {}

  /** @throws TorchFileError as `readZipDirectory` */
  static async open(source: RandomAccessSource): Promise<ZipArchive> {
    return new ZipArchive(source, await readZipDirectory(source));
  }

  /**
   * `length` bytes of an entry from `start` on. A stored entry is read just there; a deflated one is unpacked whole, never
   * beyond the size that it declares. A read of the whole entry checks its checksum.
   *
   * @throws TorchFileError `TORCH.ZIP_BROKEN`, `TORCH.ZIP_LIMIT`, `TORCH.ZIP_CHECKSUM`
   */
  async read(entry: ZipEntry, start: number, length: number): Promise<Uint8Array> {
    if (start + length > entry.size) throw broken(entry, `expected ${start + length} bytes, it has ${entry.size}`);
    const dataStart = await this.dataStart(entry);
    const bytes =
      entry.method === 0
        ? await this.source.read(dataStart + start, length)
        : (await this.inflate(entry, dataStart)).subarray(start, start + length);
    if (bytes.length !== length) throw broken(entry, `expected ${length} bytes, the file gave ${bytes.length}`);
    if (length === entry.size && crc32(bytes) !== entry.crc32) {
      throw new TorchFileError('TORCH.ZIP_CHECKSUM', `the checksum of archive entry ${entry.name} is wrong`, {
        details: { entry: entry.name },
      });
    }
    return bytes;
  }

  /** Offset of an entry's data: behind its local header, whose own name and extra field may differ from the directory's. */
  private async dataStart(entry: ZipEntry): Promise<number> {
    const header = await this.source.read(entry.headerOffset, localHeaderBytes);
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    if (header.length < localHeaderBytes || view.getUint32(0, true) !== 0x04034b50) {
      throw broken(entry, 'its local header is missing');
    }
    const start = entry.headerOffset + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
    if (start + entry.compressedSize > this.source.size) throw broken(entry, 'its data lie outside the file');
    if (entry.method === 0 && entry.compressedSize !== entry.size) throw broken(entry, 'its two sizes differ');
    return start;
  }

  private async inflate(entry: ZipEntry, dataStart: number): Promise<Uint8Array> {
    if (entry.size > maxInflatedBytes) {
      throw new TorchFileError(
        'TORCH.ZIP_LIMIT',
        `expected at most ${maxInflatedBytes} packed bytes, got ${entry.size}`,
      );
    }
    const packed = await this.source.read(dataStart, entry.compressedSize);
    try {
      const bytes = inflateRawSync(packed, { maxOutputLength: Math.max(entry.size, 1) });
      if (bytes.length !== entry.size) throw broken(entry, `it unpacks to ${bytes.length} bytes, not ${entry.size}`);
      return bytes;
    } catch (cause) {
      if (cause instanceof TorchFileError) throw cause;
      throw new TorchFileError(
        'TORCH.ZIP_BROKEN',
        `archive entry ${entry.name} does not unpack to ${entry.size} bytes`,
        {
          cause,
        },
      );
    }
  }
}

function broken(entry: ZipEntry, what: string): TorchFileError {
  return new TorchFileError('TORCH.ZIP_BROKEN', `archive entry ${entry.name} is broken: ${what}`, {
    details: { entry: entry.name },
  });
}
