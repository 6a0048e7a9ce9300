import { InvalidArgumentError, Option } from 'commander';

/** `--channels 1|3`. */
export function channelsOption(): Option {
  return new Option('--channels <n>', 'channels of the patch kernel, 1 or 3').argParser((text): 1 | 3 => {
    if (text === '1') return 1;
    if (text === '3') return 3;
    throw new InvalidArgumentError('expected 1 or 3');
  });
}

/** Parses an option that is a whole number. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}
