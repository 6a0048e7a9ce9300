import { type Judgement, type PooledDifference } from '@fedistl/protocol';

/** A pooled difference of AUC, candidate minus teacher, with its interval; `-` where nothing was compared. */
export function differenceText(pooled: PooledDifference | null): string {
  if (pooled === null) return '-';
  const [value, low, high] = [pooled.value, pooled.low, pooled.high].map(signed);
  return `${value ?? ''} (${low ?? ''} to ${high ?? ''})`;
}

/** What each site's hold-out says, in order of sites. */
export function verdictsText({ sites }: Judgement): string {
  return sites.map(({ siteId, verdict }) => `${siteId} ${verdict}`).join(', ');
}

function signed(value: number): string {
  const text = value.toFixed(3);
  return value < 0 ? text : `+${text}`;
}
