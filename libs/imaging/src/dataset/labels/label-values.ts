/** Age in whole years from '57', '057Y' or '018M'; 90 stands for 90 and over, since such ages identify; null when absurd. */
export function parseAge(text: string): number | null {
  const match = /^(\d{1,3})(?:\.\d+)?\s*([YMWD]?)$/i.exec(text.trim());
  if (match === null) return null;
  const perYear = { Y: 1, M: 12, W: 52, D: 365 }[match[2]?.toUpperCase() ?? ''] ?? 1;
  const years = Math.floor(Number(match[1]) / perYear);
  // The NIH table has ages up to 414.
  return years > 120 ? null : Math.min(years, 90);
}

/** 'M', 'F' or 'O', or null. */
export function parseSex(text: string): string | null {
  const letter = text.trim().toUpperCase().slice(0, 1);
  return ['M', 'F', 'O'].includes(letter) ? letter : null;
}

/** 'YYYY-MM-DD[THH:MM:SS]' from ISO 8601 or DICOM's YYYYMMDD[HHMMSS]; null for anything else or an impossible date. */
export function parseAcquisitionTime(text: string): string | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ]?(\d{2}):?(\d{2}):?(\d{2})?(?:\.\d+)?Z?)?$/.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const date = `${year ?? ''}-${month ?? ''}-${day ?? ''}`;
  const time = hour === undefined ? '' : `T${hour}:${minute ?? '00'}:${second ?? '00'}`;
  const parsed = new Date(`${date}${time === '' ? 'T00:00:00' : time}Z`);
  return Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(date) ? null : date + time;
}
