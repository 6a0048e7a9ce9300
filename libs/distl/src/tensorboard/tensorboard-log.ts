import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { toFileError } from '@fedistl/core/node';
import { type TrainEvent } from '../trainer/train-events';
import { scalarEvent, versionEvent } from './event-record';

/**
 * Writes a run's numbers as TensorBoard event files into a directory: each step's loss and learning rate, and each epoch's
 * averages. A tag is the quantity and the stage, such as `loss/T1`. The step of a point is that of its stage;
 * a resumed run goes on in a file of its own, where the steps since its checkpoint come again with the same numbers.
 *
 * @param clock milliseconds since 1970
 * @throws FileError when a record cannot be written
 */
export function tensorboardLog(directory: string, clock: () => number = Date.now): (event: TrainEvent) => void {
  const file = path.join(directory, `events.out.tfevents.${Math.floor(clock())}.fedistl`);
  const append = (bytes: Uint8Array): void => {
    try {
      appendFileSync(file, bytes);
    } catch (cause) {
      throw toFileError(cause, 'write', file);
    }
  };
  const now = (): number => clock() / 1e3;
  let begun = false;
  const write = (step: number, scalars: Readonly<Record<string, number>>): void => {
    if (!begun) append(versionEvent(now()));
    begun = true;
    append(scalarEvent(now(), step, scalars));
  };
  return (event) => {
    if (event.kind === 'step') {
      const { loss, dino, classification, learningRate } = event;
      write(event.step, tagged({ loss, dino, classification, learningRate }, event.stage));
    } else if (event.kind === 'epoch') {
      const { stage, epoch, steps, ...averages } = event;
      write((epoch + 1) * steps, tagged(averages, stage, 'epoch_'));
    } else if (event.kind === 'correction') {
      write(event.step, tagged({ correction: event.loss }, event.stage));
    }
  };
}

/** Numbers by tag; what is null was not measured. */
function tagged(values: Readonly<Record<string, unknown>>, stage: number, prefix = ''): Record<string, number> {
  const name = stage < 0 ? 'self-supervised' : stage === 0 ? 'initial' : `T${stage}`;
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'number' ? [[`${prefix}${key}/${name}`, value]] : [],
    ),
  );
}
