import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { launchWorker } from '@fedistl/core/node';

import { LEAST_SEVERITY } from './generate-phantom';
import { patientName, phantomFileName, type PhantomFileOptions, SYNTHETIC_NOTICE } from './phantom-file';
import { type PhantomWorkerData, type PhantomWorkerMessage } from './phantom-worker-messages';
import { PhantomError } from './phantom.errors';
import { planPhantoms, type PhantomSetOptions, type PlannedPhantom, whole } from './plan-phantoms';
import { siteFolder, writePhantomFile } from './write-phantom-file';

export interface WritePhantomsOptions extends PhantomSetOptions, PhantomFileOptions {
  /** Made when it is not there; must be empty. */
  readonly folder: string;
  /** Worker threads; 0 works on the calling thread. Default: the cores, at most 8, and 0 for a small set. */
  readonly workers?: number;
  readonly onProgress?: (written: number, count: number) => void;
}

export interface PhantomSetSummary {
  readonly synthetic: true;
  readonly folder: string;
  readonly images: number;
  readonly patients: number;
  readonly sites: readonly { readonly folder: string; readonly images: number; readonly positives: number }[];
  readonly splits: Readonly<Record<'train' | 'val' | 'test', number>>;
}

/** Below this many images, starting threads takes longer than they save. */
const SMALL_SET = 48;
const MAX_DEFAULT_WORKERS = 8;

/**
 * Writes a set of synthetic radiographs:
 *
 * ```
 * FOLDER/SYNTHETIC.txt                 says what this is
 * FOLDER/labels.csv                    file,split,label,patient,site,acquired_at,synthetic; all sites
 * FOLDER/site-1/labels.csv             the same for one site, so that each can be imported alone
 * FOLDER/site-1/images/synthetic-000001.png (or .dcm)
 * ```
 *
 * Labels are `normal` and the task's name. The same options give the same files, whatever the number of workers.
 *
 * @throws PhantomError PHANTOM.OPTIONS, PHANTOM.OUTPUT (folder not empty, or a worker failed)
 */
export async function writePhantoms(options: WritePhantomsOptions): Promise<PhantomSetSummary> {
  const { folder, sites, seed, task, size, format, leastSeverity = LEAST_SEVERITY } = options;
  whole('size', size, 28, 4096);
  if (!(leastSeverity >= 0 && leastSeverity <= 1)) {
    throw new PhantomError('PHANTOM.OPTIONS', `expected a least severity from 0 to 1, got ${leastSeverity}`);
  }
  const plan = planPhantoms(options);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new PhantomError('PHANTOM.OUTPUT', 'expected an empty or new output folder; this one has files in it');
  }
  for (let site = 0; site < sites; site++) {
    await mkdir(path.join(folder, siteFolder(site), 'images'), { recursive: true });
  }
  await writeFile(path.join(folder, 'SYNTHETIC.txt'), `${SYNTHETIC_NOTICE}\n`);
  await writeImages(folder, plan, { seed, task, size, format, leastSeverity }, options);
  // Last, so that an interrupted set has no table that names files it lacks.
  await writeTables(folder, plan, options);
  return summarise(plan, options);
}

async function writeImages(
  folder: string,
  plan: readonly PlannedPhantom[],
  file: PhantomFileOptions,
  { workers, onProgress }: WritePhantomsOptions,
): Promise<void> {
  const threads = workers ?? (plan.length < SMALL_SET ? 0 : Math.min(availableParallelism(), MAX_DEFAULT_WORKERS));
  whole('workers', threads, 0, 256);
  let written = 0;
  const count = (): void => {
    written++;
    onProgress?.(written, plan.length);
  };
  if (threads === 0) {
    for (const planned of plan) {
      await writePhantomFile(folder, planned, file);
      count();
    }
    return;
  }
  const shares = Array.from({ length: threads }, (_, thread) => plan.filter(({ index }) => index % threads === thread));
  await Promise.all(shares.map((share) => runShare({ folder, plan: share, options: file }, count)));
}

function runShare(data: PhantomWorkerData, onWritten: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = launchWorker(require.resolve('./phantom-worker'), data, { name: 'fedistl-phantoms' });
    const fail = (reason: string): void => {
      reject(new PhantomError('PHANTOM.OUTPUT', `a phantom worker failed: ${reason}`));
    };
    worker.on('message', (message: PhantomWorkerMessage) => {
      if (message.type === 'written') onWritten();
      else if (message.type === 'finished') resolve();
      else fail(message.reason);
    });
    worker.on('error', (error: Error) => {
      fail(error.message);
    });
    // After 'finished' this changes nothing; before it, the thread died.
    worker.on('exit', (code) => {
      fail(`exit code ${code}`);
    });
  });
}

async function writeTables(
  folder: string,
  plan: readonly PlannedPhantom[],
  { task, sites, format }: WritePhantomsOptions,
): Promise<void> {
  const row = (planned: PlannedPhantom, prefix: string): string =>
    [
      prefix + phantomFileName(planned, format),
      planned.split,
      planned.positive ? task : 'normal',
      patientName(planned),
      siteFolder(planned.site),
      planned.acquiredAt,
      'yes',
    ].join(',');
  const header = 'file,split,label,patient,site,acquired_at,synthetic';
  const write = (file: string, rows: readonly string[]): Promise<void> =>
    writeFile(path.join(folder, file), [header, ...rows, ''].join('\n'));
  for (let site = 0; site < sites; site++) {
    const own = plan.filter((planned) => planned.site === site);
    await write(
      path.join(siteFolder(site), 'labels.csv'),
      own.map((planned) => row(planned, '')),
    );
  }
  await write(
    'labels.csv',
    plan.map((planned) => row(planned, `${siteFolder(planned.site)}/`)),
  );
}

function summarise(plan: readonly PlannedPhantom[], { folder, sites }: WritePhantomsOptions): PhantomSetSummary {
  const splits = { train: 0, val: 0, test: 0 };
  for (const { split } of plan) splits[split]++;
  return {
    synthetic: true,
    folder,
    images: plan.length,
    patients: new Set(plan.map(({ patient }) => patient)).size,
    sites: Array.from({ length: sites }, (_, site) => {
      const own = plan.filter((planned) => planned.site === site);
      return { folder: siteFolder(site), images: own.length, positives: own.filter(({ positive }) => positive).length };
    }),
    splits,
  };
}
