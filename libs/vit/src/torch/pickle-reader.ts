import { TorchFileError } from '../vit.errors';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the arguments of pickle opcodes; every read is checked against the end of the bytes. */
export class PickleReader {
  private readonly view: DataView;
  position = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  uint8(): number {
    return this.view.getUint8(this.advance(1));
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  /** A length of eight bytes; one that no file can have is refused by the read that follows. */
  length64(): number {
    return Number(this.view.getBigUint64(this.advance(8), true));
  }

  float64(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  /** A little-endian two's complement integer of `length` bytes. */
  longInteger(length: number): number | bigint {
    if (length > maxIntegerBytes) {
      throw new TorchFileError(
        'TORCH.PICKLE_LIMIT',
        `expected integers of at most ${maxIntegerBytes} bytes, got ${length}`,
      );
    }
    let value = 0n;
    const start = this.advance(length);
    for (let index = length - 1; index >= 0; index -= 1)
      value = (value << 8n) | BigInt(this.view.getUint8(start + index));
    return narrow(BigInt.asIntN(length * 8, value));
  }

  /** A copy, so that a small value does not keep the whole pickle alive. */
  raw(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.slice(start, start + length);
  }

  text(length: number): string {
    const start = this.advance(length);
    try {
      return utf8.decode(this.bytes.subarray(start, start + length));
    } catch (cause) {
      throw new TorchFileError('TORCH.PICKLE_TEXT', `the pickle has a string that is not UTF-8 at byte ${start}`, {
        cause,
      });
    }
  }

  /** Bytes of a Python 2 string, one character a byte. */
  latin1(length: number): string {
    const start = this.advance(length);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, length).toString('latin1');
  }

  /** Text up to a newline, as the protocol 0 opcodes have it. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw truncated(this.position, 1, this.bytes.length);
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }

  private advance(length: number): number {
    const start = this.position;
    if (!(length <= this.bytes.length - start)) throw truncated(start, length, this.bytes.length);
    this.position = start + length;
    return start;
  }
}

const maxIntegerBytes = 256;

/** A number where it is exact, a bigint beyond. */
export function narrow(value: bigint): number | bigint {
  const short = Number(value);
  return Number.isSafeInteger(short) ? short : value;
}

function truncated(start: number, length: number, size: number): TorchFileError {
  return new TorchFileError(
    'TORCH.PICKLE_TRUNCATED',
    `the pickle ends too early: expected ${length} bytes at ${start}, got ${size - start}`,
    { details: { start, length, size } },
  );
}
