import { type PixelSource } from '@fedistl/imaging';
import { imagesOf } from './images-of';
import { type Scorer } from './scorer';

/** Probability of the finding for each image of a source, in order. @throws as `Scorer.score` */
export async function scoreSource(scorer: Scorer, source: PixelSource, onImage?: () => void): Promise<Float64Array> {
  const scores = new Float64Array(source.count);
  let at = 0;
  for await (const score of scorer.score(imagesOf(source))) {
    scores[at] = score;
    at += 1;
    onImage?.();
  }
  return scores;
}
