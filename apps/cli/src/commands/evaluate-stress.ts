import { STRESS_GRADES, STRESS_KINDS, type StressGrade, type StressKind } from '@fedistl/imaging';
import { InvalidArgumentError } from 'commander';

/** Parses the list of `--stress`. @param text what follows the flag */
export function stressKinds(text: string): readonly StressKind[] {
  return text.split(',').map((word) => {
    const kind = STRESS_KINDS.find((known) => known === word.trim());
    if (kind !== undefined) return kind;
    throw new InvalidArgumentError(`expected some of ${STRESS_KINDS.join(', ')}, got "${word}".`);
  });
}

/** Parses the list of `--grades`. */
export function stressGrades(text: string): readonly StressGrade[] {
  const grades = text.split(',').map((word) => {
    const grade = STRESS_GRADES.find((known) => String(known) === word.trim());
    if (grade !== undefined) return grade;
    throw new InvalidArgumentError(`expected grades from 1 to 5, with commas, got "${word}".`);
  });
  return [...new Set(grades)].sort();
}
