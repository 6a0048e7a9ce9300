import { type Ablation, ABLATIONS } from '@fedistl/distl';
import { InvalidArgumentError } from 'commander';

/** Parses ablations with commas. */
export function ablationList(text: string): Ablation[] {
  return [...new Set(text.split(',').map((name) => name.trim()))].map((name) => {
    const ablation = ABLATIONS.find((known) => known === name);
    if (ablation !== undefined) return ablation;
    throw new InvalidArgumentError(`expected some of ${ABLATIONS.join(', ')}, got "${name}".`);
  });
}

/** Parses percents with commas. @returns shares, each once, in rising order */
export function percentList(text: string): number[] {
  const shares = text.split(',').map((part) => {
    const percent = part.trim() === '' ? NaN : Number(part);
    if (percent >= 0 && percent <= 100) return percent / 100;
    throw new InvalidArgumentError(`expected percents from 0 to 100, got "${part}".`);
  });
  return [...new Set(shares)].sort((a, b) => a - b);
}
