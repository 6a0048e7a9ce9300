import { type ReproduceEvent } from '@fedistl/distl';
import { trainProgress } from './train-progress';

/** Prints a reproduction's events on stderr: units with the time that is left, and what a training says of itself. */
export function reproduceProgress(batch: number): (event: ReproduceEvent) => void {
  const training = trainProgress(batch);
  const started = performance.now();
  let computed = 0;
  return (event) => {
    if (event.kind === 'training') {
      training(event.event);
      return;
    }
    const { name, unit, units } = event;
    if (event.kind === 'unit-ended') computed += 1;
    const text = {
      'unit-known': 'there already',
      'unit-started': 'begun',
      'unit-ended': `done; ${left((performance.now() - started) / 1e3 / Math.max(1, computed), units - unit - 1)}`,
    }[event.kind];
    process.stderr.write(`[${unit + 1}/${units}] ${name}: ${text}\n`);
  };
}

/** Units differ in length, so this is a rough guess. */
function left(seconds: number, units: number): string {
  return `about ${Math.ceil((seconds * units) / 60)} min left`;
}
