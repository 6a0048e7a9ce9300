import { TorchFileError } from '../vit.errors';
import { describePickleValue, type PickleValue } from './pickle-values';

/** A class or function outside the allow-list. */
export function refusedGlobal(name: string): TorchFileError {
  const shown = printable(name);
  return new TorchFileError(
    'TORCH.PICKLE_GLOBAL',
    `the file names ${shown}, which a weight file has no need of; it was not run, and the file is refused`,
    { details: { global: shown } },
  );
}

/** An opcode that is unknown, or that only objects with code need. */
export function refusedOpcode(opcode: number, at: number): TorchFileError {
  const code = `0x${opcode.toString(16).padStart(2, '0')}`;
  return new TorchFileError(
    'TORCH.PICKLE_OPCODE',
    `pickle opcode ${code} at byte ${at} is not taken from weight files`,
    {
      details: { opcode, at },
    },
  );
}

/** A value of a kind that does not fit where it stands. */
export function wrongValue(expected: string, got: PickleValue | undefined): TorchFileError {
  return new TorchFileError(
    'TORCH.PICKLE_VALUE',
    `the pickle is wrong: expected ${expected}, got ${describePickleValue(got)}`,
  );
}

/** A name from a hostile file, cut and without control characters, fit for a log line. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
