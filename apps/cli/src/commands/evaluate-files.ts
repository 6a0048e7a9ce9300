import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError, writeFileAtomic } from '@fedistl/core/node';
import { rasteriseSvg } from '@fedistl/imaging';

/** Pixels of a figure's PNG for one of the drawing: sharp in print at the size of the report. */
const PNG_SCALE = 2;

export interface ReportFiles {
  /** What the report is called: `NAME.json`, `NAME.html`. */
  readonly name: string;
  readonly record: unknown;
  readonly html: string;
  /** SVG documents by name: `FIGURE.svg`, `FIGURE.png`. */
  readonly figures: ReadonlyMap<string, string>;
}

/** Makes the folder of a report, before hours of computing. @throws FileError */
export async function makeReportFolder(folder: string | undefined): Promise<void> {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw toFileError(cause, 'write', folder);
  });
}

/** Writes a report, each file whole or not at all. @returns the names written @throws FileError */
export async function writeReportFiles(
  folder: string | undefined,
  { name, record, html, figures }: ReportFiles,
): Promise<string[]> {
  if (folder === undefined) return [];
  const files = new Map<string, string | Uint8Array>([
    [`${name}.json`, `${JSON.stringify(record, null, 2)}\n`],
    [`${name}.html`, html],
  ]);
  for (const [figure, svg] of figures) {
    files.set(`${figure}.svg`, svg);
    files.set(`${figure}.png`, await rasteriseSvg(svg, PNG_SCALE));
  }
  for (const [file, content] of files) {
    await writeFileAtomic(join(folder, file), [typeof content === 'string' ? Buffer.from(content) : content]);
  }
  return [...files.keys()];
}
