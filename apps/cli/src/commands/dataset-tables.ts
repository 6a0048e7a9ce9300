import { type Counts, type DataSetSummary, QUARANTINE_MEANINGS, type QuarantineReason } from '@fedistl/imaging';

export type Cell = string | number;

/** The one JSON object that `--json` promises. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value));
}

/** A table with aligned columns: numbers to the right, words to the left. */
export function printTable(header: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => String(row[column] ?? '').length)),
  );
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  console.log(`  ${line(header)}`);
  for (const row of rows) console.log(`  ${line(row)}`);
}

/** Everything `dataset show` says about a set. */
export function printSummary(set: DataSetSummary): void {
  console.log(`${set.name}: ${set.found} images found, ${set.usable} usable, ${set.found - set.usable} quarantined`);
  if (!set.isComplete) console.log('the first import did not end: run it again');
  printQuarantine(set.quarantined);
  printSplits(set);
  printCounts('training images by fold (0 = labelled set)', set.folds);
  printCounts('classes', set.classes);
  printCounts('findings', set.findings);
  printCounts('views', set.views);
  for (const [name, counts] of Object.entries(set.attributes)) printCounts(name, counts);
  for (const { spec, records, damaged } of set.caches) {
    console.log(
      `pixels ${spec}: ${records} images${damaged > 0 ? `, ${damaged} damaged: import the source again` : ''}`,
    );
  }
}

function printQuarantine(quarantined: DataSetSummary['quarantined']): void {
  const rows = Object.entries(quarantined) as [QuarantineReason, number][];
  if (rows.length === 0) return;
  printTable(
    ['quarantined', 'images', 'meaning'],
    rows.map(([reason, images]) => [reason, images, QUARANTINE_MEANINGS[reason]]),
  );
}

function printSplits(set: DataSetSummary): void {
  const patients =
    set.withoutPatient === 0
      ? `${set.patients} patients`
      : `${set.patients} patients known; ${set.withoutPatient} images name none and count as one patient each`;
  console.log(`positive: ${set.positive ?? 'not chosen (--positive)'}; ${patients}`);
  // Without a positive class there is no label to count by.
  const byLabel = set.positive !== null;
  printTable(
    ['split', 'images', 'patients', ...(byLabel ? ['positive', 'negative', 'unlabelled'] : []), 'in source'],
    Object.entries(set.splits).map(([split, { images, patients: people, positive, negative, unlabelled, given }]) => [
      split,
      images,
      people,
      ...(byLabel ? [positive, negative, unlabelled] : []),
      given,
    ]),
  );
  if (set.straddlingPatients > 0) {
    console.log(
      `warning: ${set.straddlingPatients} patients have images in more than one split, as the source gives them`,
    );
  }
}

function printCounts(title: string, counts: Counts): void {
  const entries = Object.entries(counts).filter(([name]) => name !== '(none)' || Object.keys(counts).length > 1);
  if (entries.length > 0) console.log(`${title}: ${entries.map(([name, n]) => `${name} ${n}`).join(', ')}`);
}
