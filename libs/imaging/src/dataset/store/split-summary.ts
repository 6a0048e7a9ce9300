import { resolvePositive } from '../labels/positive-class';
import { type Counts, countOf } from './counts';
import { type IndexDatabase } from './index-database';
import { labelExpression } from './label-expression';
import { readVocabulary } from './vocabulary';

export interface SplitSummary {
  readonly images: number;
  readonly patients: number;
  readonly positive: number;
  readonly negative: number;
  readonly unlabelled: number;
  /** Images with each finding; 'No Finding' counts those of which all findings are known to be absent. */
  readonly findings: Counts;
  /** All images that the source put in this split, quarantined ones too. */
  readonly given: number;
}

/** Counts of usable images by split. @param positive - class or finding that is label 1. */
export function splitSummaries(index: IndexDatabase, positive: string | null): Record<string, SplitSummary> {
  const label = positive === null ? 'NULL' : labelExpression(index, positive);
  const parameters = positive === null ? [] : [resolvePositive(positive, readVocabulary(index)).name];
  const rows = index.all(
    `SELECT split, count(*) AS images, count(DISTINCT coalesce(patient, content_sha256)) AS patients,
       count(*) FILTER (WHERE label = 1) AS positive, count(*) FILTER (WHERE label = 0) AS negative,
       count(*) FILTER (WHERE label IS NULL) AS unlabelled
     FROM (SELECT split, patient, content_sha256, ${label} AS label FROM image WHERE reason IS NULL AND split IS NOT NULL)
     GROUP BY split ORDER BY CASE split WHEN 'train' THEN 0 WHEN 'val' THEN 1 ELSE 2 END`,
    ...parameters,
  );
  const findings = splitFindings(index);
  const given = new Map(
    index
      .all('SELECT given_split, count(*) AS n FROM image WHERE given_split IS NOT NULL GROUP BY given_split')
      .map((row) => [row['given_split'], countOf(row, 'n')]),
  );
  return Object.fromEntries(
    rows.map((row) => [
      String(row['split']),
      {
        images: countOf(row, 'images'),
        patients: countOf(row, 'patients'),
        positive: countOf(row, 'positive'),
        negative: countOf(row, 'negative'),
        unlabelled: countOf(row, 'unlabelled'),
        findings: findings.get(String(row['split'])) ?? {},
        given: given.get(row['split'] ?? null) ?? 0,
      },
    ]),
  );
}

function splitFindings(index: IndexDatabase): Map<string, Record<string, number>> {
  const found = new Map<string, Record<string, number>>();
  const rows = index.all(
    `SELECT split, name, count(*) AS n FROM finding JOIN image ON id = image_id WHERE value = 1 AND reason IS NULL GROUP BY split, name
     UNION ALL
     SELECT split, 'No Finding', count(*) FROM image WHERE reason IS NULL AND id IN (SELECT image_id FROM finding)
       AND id NOT IN (SELECT image_id FROM finding WHERE value = 1) GROUP BY split`,
  );
  for (const row of rows) {
    const split = String(row['split']);
    const counts = found.get(split) ?? {};
    counts[String(row['name'])] = countOf(row, 'n');
    found.set(split, counts);
  }
  return found;
}
