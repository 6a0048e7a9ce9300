/** Bounds that a reader sets on a file it does not trust. Everything else is bounded by the size of the file itself. */
export interface SafetensorsLimits {
  /** Longest header, in bytes. Default: 16 MiB (a ViT-S/8 checkpoint takes 30 KiB). */
  readonly maxHeaderBytes?: number;
  /** Most tensors. Default: 100,000. */
  readonly maxTensors?: number;
  /** Most bytes of tensor data. Default: no bound of its own. */
  readonly maxDataBytes?: number;
}

export const DEFAULT_LIMITS: Required<SafetensorsLimits> = {
  maxHeaderBytes: 16 * 2 ** 20,
  maxTensors: 100_000,
  maxDataBytes: Number.MAX_SAFE_INTEGER,
};
