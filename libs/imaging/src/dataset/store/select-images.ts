import { type Attributes, type DataSetItem } from '../image-selection';
import { type Split } from '../labels/image-labels';
import { type IndexDatabase, type SqlValue } from './index-database';
import { labelExpression } from './label-expression';

/** Which images to select. What is left out is not asked about. */
export interface ImageFilter {
  readonly split?: Split | readonly Split[];
  readonly fold?: number | readonly number[];
  /** 1 or 0, 'known' for either, null for unlabelled images. */
  readonly label?: 0 | 1 | 'known' | null;
  /** Attributes that must have these values, such as `{ site: 'rsna' }`. */
  readonly attributes?: Attributes;
}

/**
 * Usable images that match and have pixels in the cache `cacheId`, in the order of their ids.
 *
 * @param positive - class or finding that is label 1; null: all labels are null.
 */
export function selectImages(
  index: IndexDatabase,
  { cacheId, positive }: { readonly cacheId: number; readonly positive: string | null },
  filter: ImageFilter,
): DataSetItem[] {
  const { where, values } = conditions(filter);
  const label = positive === null ? 'NULL' : labelExpression(index, positive);
  const rows = index.all(
    `SELECT id, slot, content, label, patient, split, fold, view, acquired_at, attributes FROM (
       SELECT id, slot, image.content_sha256 AS content, ${label} AS label, patient, split, fold, reason,
         view, acquired_at, attributes
       FROM image JOIN cache_record ON cache_id = ? AND cache_record.content_sha256 = image.content_sha256
     ) WHERE ${where.join(' AND ')} ORDER BY id`,
    ...(positive === null ? [] : [positive]),
    cacheId,
    ...values,
  );
  const parsed = new Map<string, Attributes>();
  return rows.map((row) => toItem(row, parsed));
}

function conditions(filter: ImageFilter): { where: string[]; values: SqlValue[] } {
  const where = ['reason IS NULL', 'split IS NOT NULL'];
  const values: SqlValue[] = [];
  const oneOf = (column: string, wanted: string | number | readonly (string | number)[] | undefined): void => {
    if (wanted === undefined) return;
    const choices = typeof wanted === 'object' ? wanted : [wanted];
    where.push(choices.length === 0 ? 'FALSE' : `${column} IN (${choices.map(() => '?').join(', ')})`);
    values.push(...choices);
  };
  oneOf('split', filter.split);
  oneOf('fold', filter.fold);
  for (const [name, value] of Object.entries(filter.attributes ?? {})) {
    where.push('(SELECT atom FROM json_each(attributes) WHERE key = ?) = ?');
    values.push(name, value);
  }
  if (filter.label === null) where.push('label IS NULL');
  else if (filter.label === 'known') where.push('label IS NOT NULL');
  else oneOf('label', filter.label);
  return { where, values };
}

function toItem(row: Readonly<Record<string, SqlValue>>, parsed: Map<string, Attributes>): DataSetItem {
  const text = String(row['attributes']);
  let attributes = parsed.get(text);
  if (attributes === undefined) parsed.set(text, (attributes = JSON.parse(text) as Attributes));
  const label = row['label'];
  return {
    id: Number(row['id']),
    slot: Number(row['slot']),
    contentSha256: String(row['content']),
    label: label === 1 ? 1 : label === 0 ? 0 : null,
    patient: row['patient'] as string | null,
    split: row['split'] as Split,
    fold: row['fold'] as number | null,
    view: row['view'] as string | null,
    acquiredAt: row['acquired_at'] as string | null,
    attributes,
  };
}
