import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseJson } from '@fedistl/core';
import { readTextFile, writeFileAtomic } from '@fedistl/core/node';
import { z } from 'zod';
import { DemoError } from './demo.errors';
import { type DemoOptions } from './demo-options';

const stateSchema = z.strictObject({
  format: z.literal('fedistl-demo/1'),
  /** Folder and positive class of real images; null for phantoms. */
  source: z.strictObject({ folder: z.string(), positive: z.string() }).nullable(),
  images: z.int(),
  port: z.int(),
  hasImages: z.boolean(),
  /** By site, of earlier runs. */
  bytesMoved: z.record(z.string(), z.strictObject({ sent: z.int(), received: z.int() })),
  /** The site whose loss is shown; null until it was killed. */
  killed: z.strictObject({ siteId: z.string(), generation: z.int(), step: z.int() }).nullable(),
});

/** How far a demo came, beside what coordinator and nodes keep by themselves. */
export type DemoState = z.infer<typeof stateSchema>;

const fileOf = (directory: string): string => path.join(directory, 'demo.json');

/**
 * The state of an earlier run, or that of a new demo.
 *
 * @throws DemoError `DEMO.OTHER_DATA` when the earlier one had other images
 */
export async function readDemoState(options: DemoOptions, port: number): Promise<DemoState> {
  const source = options.source === null ? null : { ...options.source, folder: path.resolve(options.source.folder) };
  const fresh = {
    format: 'fedistl-demo/1',
    source,
    images: options.images,
    port,
    hasImages: false,
    bytesMoved: {},
    killed: null,
  } as const;
  const file = fileOf(options.directory);
  if (!existsSync(file)) return fresh;
  const state = stateSchema.parse(parseJson(await readTextFile(file)));
  const same =
    JSON.stringify(state.source) === JSON.stringify(source) && (source !== null || state.images === options.images);
  if (same) return state;
  const had = state.source === null ? `${state.images} phantoms` : `the images of ${state.source.folder}`;
  throw new DemoError('DEMO.OTHER_DATA', `the demo in ${options.directory} has ${had}: take --fresh to start another`);
}

export async function writeDemoState(directory: string, state: DemoState): Promise<void> {
  await writeFileAtomic(fileOf(directory), [Buffer.from(JSON.stringify(state, null, 2))]);
}
