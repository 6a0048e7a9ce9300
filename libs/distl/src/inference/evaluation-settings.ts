import { type Engine } from '@fedistl/compute';
import { type OperatingRule, type ReportOrigin } from '@fedistl/evaluation';
import { type DataSet, type Split } from '@fedistl/imaging';

/** What every evaluation is told. */
export interface EvaluationSettings {
  readonly engine: Engine;
  readonly dataSet: DataSet;
  /** The images to be judged. */
  readonly split: Split;
  /** Thresholds set beforehand. */
  readonly thresholds: readonly number[];
  /** Rules by which further thresholds are chosen, on the labelled images of `tuneOn`. */
  readonly rules: readonly OperatingRule[];
  readonly tuneOn: Split;
  /** Of the bootstrap and of stress. */
  readonly seed: number;
  readonly resamples: number;
  readonly confidence: number;
  /** Images a run. */
  readonly batch?: number | undefined;
  /** Such as "fedistl 0.1.0". */
  readonly software: string;
  readonly createdAt: Date;
  /** Called after each image. */
  readonly onImage?: (() => void) | undefined;
}

/** What the report says of its making. */
export function originOf({
  engine,
  seed,
  resamples,
  confidence,
  software,
  createdAt,
}: EvaluationSettings): ReportOrigin {
  return {
    software,
    createdAt: createdAt.toISOString(),
    engine: `${engine.name} on ${engine.provider}`,
    seed,
    resamples,
    confidence,
  };
}
