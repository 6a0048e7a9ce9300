import { type SitePolicy } from './site-policy.schema';

function minutesOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Minutes since local midnight in a time zone. */
function localMinutes(instant: Date, timeZone: string): number {
  return minutesOf(
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
      instant,
    ),
  );
}

/** Whether an instant lies in the policy's hours: from inclusive, to exclusive; equal ends mean the whole day. */
export function withinHours(hours: SitePolicy['hours'], instant: Date): boolean {
  if (hours === null) return true;
  const [from, to, now] = [minutesOf(hours.from), minutesOf(hours.to), localMinutes(instant, hours.timeZone)];
  if (from === to) return true;
  return from < to ? from <= now && now < to : now >= from || now < to;
}
