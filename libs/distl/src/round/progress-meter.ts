import { type RoundProgress } from './round-run';

/** Turns steps into progress: how fast this process trains, and how long the rest of the round takes at that rate. */
export function progressMeter(
  steps: number,
  done: number,
  onProgress: ((progress: RoundProgress) => void) | undefined,
): (step: number, loss: number | null, images: number) => void {
  const began = performance.now();
  let images = 0;
  onProgress?.({ step: done, steps, loss: null, imagesPerSecond: null, etaSeconds: null });
  return (step, loss, more) => {
    images += more;
    const seconds = (performance.now() - began) / 1000;
    const perStep = seconds / (step - done);
    onProgress?.({ step, steps, loss, imagesPerSecond: images / seconds, etaSeconds: (steps - step) * perStep });
  };
}
