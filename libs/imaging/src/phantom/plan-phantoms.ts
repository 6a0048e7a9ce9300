import { createRng } from '@fedistl/core';

import { PHANTOM_TASKS, type PhantomTask } from './generate-phantom';
import { PhantomError } from './phantom.errors';

export interface PhantomSetOptions {
  /** Radiographs in all, over all sites. */
  readonly count: number;
  readonly task: PhantomTask;
  readonly sites: number;
  readonly seed: number | string;
  /** Share of patients with the disease. Default 0.5. */
  readonly prevalence?: number;
}

/** One radiograph of a set. */
export interface PlannedPhantom {
  /** 0-based, over the whole set. */
  readonly index: number;
  readonly patient: number;
  readonly visit: number;
  /** 0-based. */
  readonly site: number;
  readonly positive: boolean;
  readonly split: 'train' | 'val' | 'test';
  /** YYYY-MM-DD. */
  readonly acquiredAt: string;
}

/** Ten patients of a site and class: seven train, one validates, two test. */
const SPLIT_CYCLE = ['train', 'train', 'test', 'train', 'train', 'val', 'train', 'test', 'train', 'train'] as const;
/** Days of acquisition dates, from 1 January 2022. */
const PERIOD_DAYS = 1095;

/**
 * Lists the radiographs of a set: who, where, ill or not, which split. Patients have one to three radiographs, all in the same
 * split. A set with a larger count begins with the same radiographs.
 *
 * @throws PhantomError PHANTOM.OPTIONS
 */
export function planPhantoms(options: PhantomSetOptions): PlannedPhantom[] {
  checkOptions(options);
  const { count, sites, prevalence = 0.5 } = options;
  const rng = createRng(options.seed).stream('phantom/plan');
  const classCounts = new Map<string, number>();
  const plan: PlannedPhantom[] = [];
  for (let patient = 0; plan.length < count; patient++) {
    const site = patient % sites;
    const order = Math.floor(patient / sites);
    // Evenly spread, so that the smallest set has both classes at every site.
    const positive = Math.floor((order + 1) * prevalence + 1e-9) > Math.floor(order * prevalence + 1e-9);
    const group = `${site}/${positive}`;
    const place = classCounts.get(group) ?? 0;
    classCounts.set(group, place + 1);
    const random = rng.stream(`${patient}`);
    const draw = random.uniform();
    const visits = draw < 0.75 ? 1 : draw < 0.93 ? 2 : 3;
    const firstDay = random.int(PERIOD_DAYS - 90 * visits);
    for (let visit = 0; visit < visits && plan.length < count; visit++) {
      plan.push({
        index: plan.length,
        patient,
        visit,
        site,
        positive,
        split: SPLIT_CYCLE[place % SPLIT_CYCLE.length] ?? 'train',
        acquiredAt: isoDate(firstDay + visit * 7 + random.int(60)),
      });
    }
  }
  return plan;
}

function isoDate(day: number): string {
  return new Date(Date.UTC(2022, 0, 1 + day)).toISOString().slice(0, 10);
}

function checkOptions({ count, task, sites, prevalence = 0.5 }: PhantomSetOptions): void {
  whole('count', count, 1, 10_000_000);
  whole('sites', sites, 1, 1000);
  if (!PHANTOM_TASKS.includes(task)) {
    throw new PhantomError('PHANTOM.OPTIONS', `expected a task of ${PHANTOM_TASKS.join(', ')}, got ${task}`);
  }
  if (!(prevalence >= 0 && prevalence <= 1)) {
    throw new PhantomError('PHANTOM.OPTIONS', `expected a prevalence from 0 to 1, got ${prevalence}`, { prevalence });
  }
}

/** @throws PhantomError PHANTOM.OPTIONS unless `value` is a whole number in range */
export function whole(field: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new PhantomError('PHANTOM.OPTIONS', `expected ${field} from ${least} to ${most}, got ${value}`, {
    field,
    value,
  });
}
