import { AggregationError } from '../aggregation.errors';

/**
 * Moves the teacher towards the student by K steps' worth of exponential average, in place and coordinate by coordinate:
 * t = m^K t + (1 - m^K) s, float64 inside. The same as K steps with momentum m against a student that stands still.
 *
 * @param momentumPerStep m in [0, 1]
 * @param steps K, from 0
 * @throws AggregationError `AGGREGATION.BAD_SIZE`, `AGGREGATION.BAD_MOMENTUM`
 */
export function moveTeacher(
  teacher: Float32Array,
  student: Float32Array,
  { momentumPerStep, steps }: { readonly momentumPerStep: number; readonly steps: number },
): void {
  if (teacher.length !== student.length) {
    throw new AggregationError(
      'AGGREGATION.BAD_SIZE',
      `expected a student of ${teacher.length} values, got ${student.length}`,
    );
  }
  if (!(momentumPerStep >= 0 && momentumPerStep <= 1) || !Number.isSafeInteger(steps) || steps < 0) {
    throw new AggregationError(
      'AGGREGATION.BAD_MOMENTUM',
      `expected a momentum from 0 to 1 and a whole number of steps from 0, got ${momentumPerStep} and ${steps}`,
    );
  }
  const kept = momentumPerStep ** steps;
  for (let i = 0; i < teacher.length; i++) teacher[i] = kept * (teacher[i] ?? 0) + (1 - kept) * (student[i] ?? 0);
}
