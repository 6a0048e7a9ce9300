import { type SqlRow } from './index-database';

/** Numbers of images by some property, such as split or class. */
export type Counts = Readonly<Record<string, number>>;

/** A count from a row; 0 when there is no row. */
export function countOf(row: SqlRow | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}
