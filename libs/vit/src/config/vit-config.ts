/** The DINO projection head: embedDim -> hiddenDim -> hiddenDim -> bottleneckDim -> L2 -> outDim prototypes. */
export interface DinoHeadConfig {
  readonly hiddenDim: number;
  readonly bottleneckDim: number;
  /** K, the number of prototypes. */
  readonly outDim: number;
}

/** The classification head: embedDim -> hiddenDim -> hiddenDim -> findings, with ReLU; one logit a finding. */
export interface ClassHeadConfig {
  readonly hiddenDim: number;
  readonly findings: number;
}

/**
 * Everything that fixes the network's parameters and function. Lengths are in pixels of the network's input.
 *
 * `imageSize` is the size that the learned position grid belongs to; images of any other size that the patch divides are
 * taken too, with the grid interpolated (`position-embedding.ts`).
 */
export interface VitConfig {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly inChannels: 1 | 3;
  readonly embedDim: number;
  readonly depth: number;
  readonly numHeads: number;
  readonly mlpRatio: number;
  readonly layerNormEps: number;
  /** Stochastic depth of the last block; block i of n drops with dropPathRate * i / (n - 1). */
  readonly dropPathRate: number;
  readonly dinoHead: DinoHeadConfig;
  readonly classHead: ClassHeadConfig;
}

/** Side of the learned position grid, in patches. */
export function baseGrid(config: VitConfig): number {
  return config.imageSize / config.patchSize;
}

/** Width of the blocks' hidden layer. */
export function mlpDim(config: VitConfig): number {
  return Math.round(config.embedDim * config.mlpRatio);
}
