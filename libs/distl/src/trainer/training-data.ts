/** Images to put into one batch. */
export interface BatchPlan {
  /** Names, with the run's seed, the random draws of the views; a correction pass counts as one. */
  readonly epoch: number;
  /** Indices of the source's images, as many as a batch has. */
  readonly indices: readonly number[];
}

/** Views of B images, level / 255. They hold until the next batch is asked for. */
export interface TrainingBatch {
  /** [2·B, C, G, G]: all originals, then all second global views. */
  readonly globals: Float32Array;
  /** [L·B, C, S, S], view by view; of a supervised source they may be empty. */
  readonly locals: Float32Array;
  /** [B, findings]; of labelled sources. */
  readonly labels?: Float32Array;
}

/** Images of one stage. Index i means the same image for as long as the run lasts, resumed or not. */
export interface ImageSource {
  readonly count: number;
  /** The batches asked for, in order. What a batch holds must depend on its plan alone, so that a run can be resumed. */
  batches(plans: Iterable<BatchPlan>): AsyncIterable<TrainingBatch>;
  close(): Promise<void>;
}

/** What a run is trained on. */
export interface TrainingData {
  /** A hash of which images and labels these are: a checkpoint belongs to one of them. */
  readonly identity: string;
  /** Labels of the labelled set, one an image: 1 or 0. */
  readonly labels: ArrayLike<number>;
  /** Unlabelled images of each fold. */
  readonly foldSizes: readonly number[];
  /** The labelled set with the views of a stage; `supervised` sources need no local views. */
  labelled(use: 'supervised' | 'correction', stage: number): ImageSource;
  /** Unlabelled images of the folds 1 to `generation` (distl.md 1.1: folds are cumulative). */
  unlabelled(generation: number): ImageSource;
}
