import { pixelSpecText } from '../cache/pixel-spec';
import { type QuarantineReason } from '../quarantine';
import { CacheTable } from './cache-table';
import { type Counts, countOf } from './counts';
import { type IndexDatabase } from './index-database';
import { type DataSetSettings, DEFAULT_SETTINGS, readSettings } from './settings';
import { type SplitSummary, splitSummaries } from './split-summary';

/** An attribute with more values than this is a measurement, not a group. */
const MOST_VALUES = 20;

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
    found: countOf(totals, 'found'),
    usable: countOf(totals, 'usable'),
    quarantined: counts(
      'SELECT reason AS name, count(*) AS n FROM image WHERE reason IS NOT NULL GROUP BY reason ORDER BY n DESC, reason',
    ),
    patients: countOf(totals, 'patients'),
    withoutPatient: countOf(totals, 'without'),
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
    straddlingPatients: countOf(
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

function attributeCounts(index: IndexDatabase): Record<string, Counts> {
  const found: Record<string, Record<string, number>> = {};
  for (const row of index.all(
    `SELECT key, atom, count(*) AS n FROM image, json_each(attributes) WHERE reason IS NULL GROUP BY key, atom ORDER BY key, atom`,
  )) {
    (found[String(row['key'])] ??= {})[String(row['atom'])] = countOf(row, 'n');
  }
  return Object.fromEntries(Object.entries(found).filter(([, values]) => Object.keys(values).length <= MOST_VALUES));
}

function cacheSummaries(index: IndexDatabase): DataSetSummary['caches'] {
  const table = new CacheTable(index);
  return table.list().map(({ id, spec, file }) => {
    const row = index.get(
      'SELECT count(*) AS records, count(*) FILTER (WHERE valid = 0) AS damaged FROM cache_record WHERE cache_id = ?',
      id,
    );
    return { spec: pixelSpecText(spec), file, records: countOf(row, 'records'), damaged: countOf(row, 'damaged') };
  });
}
