/** Three decimals; a dash for what is undefined. */
export function decimals(value: number | null | undefined, places = 3): string {
  return value === null || value === undefined ? '–' : value.toFixed(places);
}

interface Interval {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** "0.912 (0.881 to 0.943)"; with a dash when there was nothing to measure. */
export function interval({ value, lower, upper }: Interval): string {
  if (value === null) return '–';
  return `${decimals(value)} (${decimals(lower)} to ${decimals(upper)})`;
}

/** "0.881 to 0.943" */
export function range({ lower, upper }: Pick<Interval, 'lower' | 'upper'>): string {
  return `${decimals(lower)} to ${decimals(upper)}`;
}

/** "+0.012 (−0.004 to +0.028)" */
export function signedInterval(value: number, lower: number, upper: number): string {
  return `${signed(value)} (${signedRange(lower, upper)})`;
}

/** "−0.004 to +0.028" */
export function signedRange(lower: number, upper: number): string {
  return `${signed(lower)} to ${signed(upper)}`;
}

/** "+0.012" */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
}

/** A p-value as journals want it. */
export function pValue(p: number | null): string {
  if (p === null) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** "12.5 %" */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}

/** "12 345", with narrow spaces. */
export function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** "95 %" of a confidence. */
export function confidenceText(confidence: number): string {
  return `${Number((100 * confidence).toPrecision(6))} %`;
}
