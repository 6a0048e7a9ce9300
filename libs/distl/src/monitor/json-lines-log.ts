import { appendFileSync } from 'node:fs';
import { toFileError } from '@fedistl/core/node';
import { type TrainEvent } from '../trainer/train-events';

/**
 * Appends each event to a file, one JSON object a line, with the time of writing. A resumed run goes on in the same file and
 * repeats the steps since its checkpoint; its `resumed` line says from where.
 *
 * @throws FileError when a line cannot be written
 */
export function jsonLinesLog(file: string): (event: TrainEvent) => void {
  return (event) => {
    try {
      appendFileSync(file, `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
    } catch (cause) {
      throw toFileError(cause, 'write', file);
    }
  };
}
