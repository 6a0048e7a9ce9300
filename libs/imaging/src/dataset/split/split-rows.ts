import { type Split } from '../labels/image-labels';
import { type QuarantineReason } from '../quarantine';
import { type IndexDatabase } from '../store/index-database';

/** What splitting needs to know of an image. */
export interface SplitRow {
  readonly id: number;
  readonly contentSha256: string;
  /** Equal for images with equal pixels; null where nothing was decoded. */
  readonly pixelKey: string | null;
  readonly patient: string | null;
  readonly givenSplit: Split | null;
  readonly givenFold: number | null;
  readonly split: Split | null;
  readonly fold: number | null;
  readonly acquiredAt: string | null;
  readonly className: string | null;
  readonly findings: ReadonlyMap<string, number>;
  readonly reason: QuarantineReason | null;
}

/** Rows of all images that were decoded and broke no rule of their own, oldest first. */
export function readSplitRows(index: IndexDatabase): SplitRow[] {
  const findings = readFindings(index);
  const none: ReadonlyMap<string, number> = new Map();
  const rows = index.all(
    `SELECT id, content_sha256, stored_sha256, rows, columns, patient, given_split, given_fold, split, fold, acquired_at, class, reason
     FROM image WHERE content_sha256 IS NOT NULL AND (reason IS NULL OR reason IN ('duplicate', 'label_conflict')) ORDER BY id`,
  );
  return rows.map((row) => ({
    id: Number(row['id']),
    contentSha256: String(row['content_sha256']),
    pixelKey:
      row['stored_sha256'] === null
        ? null
        : `${String(row['stored_sha256'])}:${String(row['rows'])}x${String(row['columns'])}`,
    patient: row['patient'] as string | null,
    givenSplit: row['given_split'] as Split | null,
    givenFold: row['given_fold'] as number | null,
    split: row['split'] as Split | null,
    fold: row['fold'] as number | null,
    acquiredAt: row['acquired_at'] as string | null,
    className: row['class'] as string | null,
    findings: findings.get(Number(row['id'])) ?? none,
    reason: row['reason'] as QuarantineReason | null,
  }));
}

/** Findings by image id. Images with the same findings share one map: a large set has few hundred patterns. */
function readFindings(index: IndexDatabase): Map<number, ReadonlyMap<string, number>> {
  const patterns = new Map<string, ReadonlyMap<string, number>>();
  const found = new Map<number, ReadonlyMap<string, number>>();
  for (const row of index.iterate(
    'SELECT image_id, json_group_object(name, value) AS pattern FROM finding GROUP BY image_id',
  )) {
    const text = String(row['pattern']);
    let pattern = patterns.get(text);
    if (pattern === undefined) {
      pattern = new Map(Object.entries(JSON.parse(text) as Record<string, number>));
      patterns.set(text, pattern);
    }
    found.set(Number(row['image_id']), pattern);
  }
  return found;
}
