import { resolvePositive } from '../labels/positive-class';
import { type QuarantineReason } from '../quarantine';
import { CacheTable } from './cache-table';
import { type IndexDatabase, type SqlRow } from './index-database';
import { type DataSetSettings, DEFAULT_SETTINGS, readSettings } from './settings';
import { readVocabulary } from './vocabulary';
import { pixelSpecText } from '../cache/pixel-spec';

/** An attribute with more values than this is a measurement, not a group. */
const MOST_VALUES = 20;

/** Numbers of images by some property, such as split or class. */
export type Counts = Readonly<Record<string, number>>;

/** What `fedistl dataset show` prints. found = usable + the sum of `quarantined`. */
export interface DataSetSummary {
  readonly name: string;
  /** False while a first import is unfinished. */
  readonly isComplete: boolean;
  readonly found: number;
  readonly usable: number;
  readonly quarantined: Partial<Record<QuarantineReason, number>>;
  /** Distinct pseudonyms among usable images. */
  readonly patients: number;
  /** Usable images without a patient; each counts as a patient of its own when splitting. */
  readonly withoutPatient: number;
  readonly positive: string | null;
  /** Usable images by class; '(none)' where unlabelled. */
  readonly classes: Counts;
  /** Usable images that have each finding. */
  readonly findings: Counts;
  /** Usable images by attribute and value; attributes with many values, such as age, are left out. */
  readonly attributes: Readonly<Record<string, Counts>>;
  /** Usable images by view position. */
  readonly views: Counts;
  readonly splits: Readonly<Record<string, SplitSummary>>;
  /** Training images by fold. */
  readonly folds: Counts;
  /** Patients with usable images in more than one split. */
  readonly straddlingPatients: number;
  readonly caches: readonly {
    readonly spec: string;
    readonly file: string;
    readonly records: number;
    readonly damaged: number;
  }[];
  readonly settings: DataSetSettings;
}

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

export function summarise(index: IndexDatabase, name: string): DataSetSummary {
  const settings = readSettings(index) ?? DEFAULT_SETTINGS;
  const counts = (sql: string): Record<string, number> =>
    Object.fromEntries(index.all(sql).map((row) => [String(row['name'] ?? '(none)'), Number(row['n'])]));
  const totals = index.get(
    `SELECT count(*) AS found, count(*) FILTER (WHERE reason IS NULL) AS usable,
       count(DISTINCT patient) FILTER (WHERE reason IS NULL) AS patients,
       count(*) FILTER (WHERE reason IS NULL AND patient IS NULL) AS without FROM image`,
  );
  return {
    name,
    isComplete: index.get("SELECT value FROM setting WHERE key = 'state'")?.['value'] === 'complete',
    found: number(totals, 'found'),
    usable: number(totals, 'usable'),
    quarantined: counts(
      'SELECT reason AS name, count(*) AS n FROM image WHERE reason IS NOT NULL GROUP BY reason ORDER BY n DESC, reason',
    ),
    patients: number(totals, 'patients'),
    withoutPatient: number(totals, 'without'),
    positive: settings.positive,
    classes: counts(
      'SELECT class AS name, count(*) AS n FROM image WHERE reason IS NULL GROUP BY class ORDER BY class',
    ),
    findings: counts(
      `SELECT name, count(*) AS n FROM finding JOIN image ON id = image_id WHERE value = 1 AND reason IS NULL GROUP BY name ORDER BY name`,
    ),
    attributes: attributeCounts(index),
    views: counts('SELECT view AS name, count(*) AS n FROM image WHERE reason IS NULL GROUP BY view ORDER BY view'),
    splits: splitSummaries(index, settings.positive),
    folds: counts(
      'SELECT fold AS name, count(*) AS n FROM image WHERE reason IS NULL AND fold IS NOT NULL GROUP BY fold ORDER BY fold',
    ),
    straddlingPatients: number(
      index.get(
        `SELECT count(*) AS n FROM (SELECT patient FROM image WHERE reason IS NULL AND patient IS NOT NULL AND split IS NOT NULL
           GROUP BY patient HAVING count(DISTINCT split) > 1)`,
      ),
      'n',
    ),
    caches: cacheSummaries(index),
    settings,
  };
}

function splitSummaries(index: IndexDatabase, positive: string | null): Record<string, SplitSummary> {
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
      .map((row) => [row['given_split'], number(row, 'n')]),
  );
  return Object.fromEntries(
    rows.map((row) => [
      String(row['split']),
      {
        images: number(row, 'images'),
        patients: number(row, 'patients'),
        positive: number(row, 'positive'),
        negative: number(row, 'negative'),
        unlabelled: number(row, 'unlabelled'),
        findings: findings.get(String(row['split'])) ?? {},
        given: given.get(row['split'] ?? null) ?? 0,
      },
    ]),
  );
}

function attributeCounts(index: IndexDatabase): Record<string, Counts> {
  const found: Record<string, Record<string, number>> = {};
  for (const row of index.all(
    `SELECT key, atom, count(*) AS n FROM image, json_each(attributes) WHERE reason IS NULL GROUP BY key, atom ORDER BY key, atom`,
  )) {
    (found[String(row['key'])] ??= {})[String(row['atom'])] = number(row, 'n');
  }
  return Object.fromEntries(Object.entries(found).filter(([, values]) => Object.keys(values).length <= MOST_VALUES));
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
    counts[String(row['name'])] = number(row, 'n');
    found.set(split, counts);
  }
  return found;
}

/** SQL for the label of an `image` row, with one parameter: the name of the class or finding. */
export function labelExpression(index: IndexDatabase, positive: string): string {
  return resolvePositive(positive, readVocabulary(index)).kind === 'class'
    ? 'CASE WHEN class IS NULL THEN NULL ELSE class = ? END'
    : '(SELECT value FROM finding WHERE image_id = image.id AND name = ?)';
}

function cacheSummaries(index: IndexDatabase): DataSetSummary['caches'] {
  const table = new CacheTable(index);
  return table.list().map(({ id, spec, file }) => {
    const row = index.get(
      'SELECT count(*) AS records, count(*) FILTER (WHERE valid = 0) AS damaged FROM cache_record WHERE cache_id = ?',
      id,
    );
    return { spec: pixelSpecText(spec), file, records: number(row, 'records'), damaged: number(row, 'damaged') };
  });
}

function number(row: SqlRow | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}
