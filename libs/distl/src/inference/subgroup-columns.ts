import { type DataSetItem } from '@fedistl/imaging';

/** An attribute with more values than this is a measurement, not a group. */
const MOST_VALUES = 20;

/** Lower ends of the age bands, years. */
const AGE_BANDS = [0, 18, 40, 60, 80] as const;

/** "18 to 39"; an empty text when the age is unknown. */
export function ageBand(age: string | number | undefined): string {
  const years = typeof age === 'string' && age.trim() !== '' ? Number(age) : age;
  if (typeof years !== 'number' || !Number.isFinite(years) || years < 0) return '';
  const band = AGE_BANDS.findLastIndex((from) => years >= from);
  const [from, next] = [AGE_BANDS[band] ?? 0, AGE_BANDS[band + 1]];
  return next === undefined ? `${from} and more` : `${String(from).padStart(2, '0')} to ${next - 1}`;
}

/**
 * Groups of cases by what the data set knows of them: view position, age band, and every attribute with few values, such as
 * site and sex. An attribute that is the same for all says nothing and is left out.
 *
 * @returns for each attribute one group name a case; '' where unknown
 */
export function subgroupColumns(items: readonly DataSetItem[]): ReadonlyMap<string, readonly string[]> {
  const names = new Set(items.flatMap(({ attributes }) => Object.keys(attributes)));
  const columns = new Map<string, readonly string[]>();
  for (const name of [...names].sort()) {
    const values = items.map(({ attributes }) => attributes[name]);
    if (name === 'age') columns.set('age band', values.map(ageBand));
    else
      columns.set(
        name,
        values.map((value) => String(value ?? '')),
      );
  }
  columns.set(
    'view',
    items.map(({ view }) => view ?? ''),
  );
  for (const [name, values] of columns) {
    const distinct = new Set(values).size;
    if (distinct < 2 || distinct > MOST_VALUES) columns.delete(name);
  }
  return columns;
}
