import { type TrainEvent } from '@fedistl/distl';

/** Steps between two lines where stderr is no terminal. */
const EVERY = 20;

/** Prints a run's events on stderr: a live line of steps, and one that stays for each epoch. */
export function trainProgress(batch: number): (event: TrainEvent) => void {
  let started = performance.now();
  let first = 0;
  const live = process.stderr.isTTY;
  const line = (text: string): void => {
    process.stderr.write(live ? `\r\u001b[K${text}\n` : `${text}\n`);
  };
  return (event) => {
    switch (event.kind) {
      case 'stage-started':
        started = performance.now();
        first = -1;
        line(`${nameOf(event.stage)}: ${event.images} images, ${event.epochs} epochs, ${event.steps} steps`);
        break;
      case 'step': {
        if (first < 0) first = event.step;
        if (!live && event.step % EVERY !== 0) break;
        const seconds = (performance.now() - started) / 1e3;
        const perStep = seconds / (event.step - first + 1);
        const parts = [
          `${nameOf(event.stage)} epoch ${event.epoch + 1} step ${event.step + 1}/${event.steps} loss ${event.loss.toFixed(4)}`,
          shown('DINO', event.dino),
          shown('class', event.stage < 0 ? null : event.classification),
          `${(batch / perStep).toFixed(1)} images/s`,
          `${timeText(perStep * (event.steps - event.step - 1))} left`,
        ];
        const text = parts.filter((part) => part !== '').join(', ');
        process.stderr.write(live ? `\r\u001b[K${text}` : `${text}\n`);
        break;
      }
      case 'epoch':
        line(
          [
            `${nameOf(event.stage)} epoch ${event.epoch + 1}: loss ${event.loss.toFixed(4)}`,
            shown('DINO', event.dino),
            shown('class', event.stage < 0 ? null : event.classification),
            shown('correction', event.correction),
            shown('positive', event.pseudoPositive),
            shown('kept', event.retained),
            shown('entropy', event.teacherEntropy),
            shown('information', event.targetInformation),
            shown('rank', event.effectiveRank),
            shown('centre', event.centreNorm),
          ]
            .filter((part) => part !== '')
            .join(', '),
        );
        break;
      case 'resumed':
        line(`resumed at ${nameOf(event.stage)}, step ${event.step}`);
        break;
      case 'checkpoint-damaged':
        line(`checkpoint ${event.file} is not whole, the one before is used: ${event.reason}`);
        break;
      case 'correction':
      case 'checkpoint':
      case 'stage-ended':
        break;
    }
  };
}

function nameOf(stage: number): string {
  if (stage < 0) return 'self-supervision';
  return stage === 0 ? 'T = initial' : `T = ${stage}`;
}

function timeText(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function shown(name: string, value: number | null): string {
  return value === null ? '' : `${name} ${value.toFixed(4)}`;
}
