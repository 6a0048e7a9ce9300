import { type Engine } from '@fedistl/compute';
import { type DataSetItem, type PixelSpec } from '@fedistl/imaging';
import { type TrainEvent } from '../trainer/train-events';
import { type ImagePool } from './image-pool';
import { type PaperSet } from './paper-split';
import { type ReproducePlan } from './reproduce-plan';
import { type UnitStore } from './unit-store';

/** Told as a reproduction goes on. */
export type ReproduceEvent =
  | {
      /** `unit-known`: it was there from an earlier start. */
      readonly kind: 'unit-started' | 'unit-ended' | 'unit-known';
      readonly name: string;
      /** Place in the list of units, from 0. */
      readonly unit: number;
      readonly units: number;
    }
  | { readonly kind: 'training'; readonly event: TrainEvent };

/** What every unit of a reproduction runs with. */
export interface ReproduceContext {
  readonly engine: Engine;
  readonly pool: ImagePool;
  readonly pixels: PixelSpec;
  readonly plan: ReproducePlan;
  readonly set: PaperSet;
  /** Images of a class that training never sees; negatives beside the test set. */
  readonly unseen: readonly DataSetItem[];
  readonly generations: number;
  readonly workers: number | undefined;
  readonly store: UnitStore;
  /** Where the networks are kept. */
  readonly models: string;
  /** Hash of data and settings, without the seed. */
  readonly identity: string;
  /** The same without the settings that only generations have: what the baselines depend on. */
  readonly baselineIdentity: string;
  readonly emit: (event: ReproduceEvent) => void;
}
