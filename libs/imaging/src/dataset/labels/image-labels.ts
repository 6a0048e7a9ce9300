import { createHash } from 'node:crypto';

import { canonicalJson } from '@fedistl/core';

export const SPLITS = ['train', 'val', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** What a source says about one image besides its pixels. Every part may be missing. */
export interface ImageLabels {
  readonly split: Split | null;
  /** Exclusive class, such as the folder or the `label` column. */
  readonly className: string | null;
  /** Findings that may occur together: name -> 0 or 1; an uncertain or empty cell is left out. */
  readonly findings: Readonly<Record<string, 0 | 1>>;
  /** Raw identifier, to be made a pseudonym before anything is stored. */
  readonly patient: string | null;
  readonly view: string | null;
  /** 'YYYY-MM-DD' or 'YYYY-MM-DDTHH:MM:SS'. */
  readonly acquiredAt: string | null;
  /** Facts that identify nobody: site, age, sex, and columns that the operator asked to keep. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

export const NO_LABELS: ImageLabels = {
  split: null,
  className: null,
  findings: {},
  patient: null,
  view: null,
  acquiredAt: null,
  attributes: {},
};

/** Changes whenever a label, split or attribute of an image does, so that a second import notices corrected labels. */
export function labelDigest(labels: ImageLabels, pseudonym: string | null): string {
  // The pseudonym stands in for the identifier, of which not even a plain hash may be stored.
  const value = { ...labels, patient: pseudonym };
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16);
}

const SPLIT_WORDS: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  dev: 'val',
  tune: 'val',
  test: 'test',
  testing: 'test',
  holdout: 'test',
  'hold-out': 'test',
};

/** The split that a word in a file or folder name means, or null. */
export function splitFromWord(word: string): Split | null {
  return SPLIT_WORDS[word.trim().toLowerCase()] ?? null;
}

/** Order in which splits keep a duplicate: a held-out image stays, its copy in training goes. */
export const SPLIT_PRECEDENCE: readonly Split[] = ['test', 'val', 'train'];
