import { assertNever, createRng, type Rng } from '@fedistl/core';
import { checkGrey8, type Grey8 } from '../views/grey8';
import { type PixelSource } from '../views/view-pipeline';
import { blur, compress, lowerResolution } from './detail-stress';
import { addMarker, occlude } from './overlay-stress';
import { shift, turn } from './place-stress';
import { STRESS_KINDS, STRESSES, type StressGrade, type StressKind, stressStrength } from './stress-table';
import { StressError } from './stress.errors';
import { addNoise, changeGamma, lowerContrast } from './tone-stress';

export interface Stress {
  readonly kind: StressKind;
  readonly grade: StressGrade;
}

/**
 * A copy of the image as the nuisance leaves it; grade 0 is the image itself. Random choices (noise, sides, places) come
 * from `rng` in an order that does not depend on the grade: a higher grade is more of the same.
 *
 * @throws ViewsError VIEWS.IMAGE; StressError STRESS.KIND, STRESS.GRADE
 */
export async function applyStress(image: Grey8, { kind, grade }: Stress, rng: Rng): Promise<Grey8> {
  checkGrey8(image);
  checkStress(kind, grade);
  if (grade === 0) return image;
  const strength = stressStrength(kind, grade);
  const side = Math.min(image.width, image.height);
  switch (kind) {
    case 'noise':
      return addNoise(image, strength, rng);
    case 'blur':
      return blur(image, strength * side);
    case 'gamma':
      return changeGamma(image, rng.bernoulli(0.5) ? strength : 1 / strength);
    case 'contrast':
      return lowerContrast(image, strength);
    case 'rotation':
      return turn(image, rng.bernoulli(0.5) ? strength : -strength);
    case 'shift': {
      const direction = rng.uniform(0, 2 * Math.PI);
      return shift(image, strength * side * Math.cos(direction), strength * side * Math.sin(direction));
    }
    case 'jpeg':
      return compress(image, strength);
    case 'resolution':
      return lowerResolution(image, strength);
    case 'marker':
      return addMarker(image, strength, rng);
    case 'occlusion':
      return occlude(image, strength, rng);
    default:
      return assertNever(kind);
  }
}

function checkStress(kind: string, grade: number): void {
  if (!Object.hasOwn(STRESSES, kind)) {
    throw new StressError('STRESS.KIND', `expected one of ${STRESS_KINDS.join(', ')}, got ${JSON.stringify(kind)}`);
  }
  if (!Number.isInteger(grade) || grade < 0 || grade > 5) {
    throw new StressError('STRESS.GRADE', `expected a grade from 0 to 5, got ${grade}`);
  }
}

/**
 * A source whose images are stressed as they are read. What happens to an image depends on its id, the seed and the stress
 * alone: not on the order of reading, nor on which other images there are.
 *
 * @throws StressError STRESS.KIND, STRESS.GRADE
 */
export function stressedSource(source: PixelSource, stress: Stress, seed: number | string): PixelSource {
  checkStress(stress.kind, stress.grade);
  const rng = createRng(seed);
  const { width, height } = source;
  return {
    width,
    height,
    count: source.count,
    id: (index) => source.id(index),
    read: async (index, out) => {
      await source.read(index, out);
      if (stress.grade === 0) return;
      const stream = rng.stream(`stress/${stress.kind}/${source.id(index)}`);
      const stressed = await applyStress({ width, height, pixels: out }, stress, stream);
      out.set(stressed.pixels.subarray(0, width * height));
    },
  };
}
