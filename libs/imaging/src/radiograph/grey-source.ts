/**
 * An image whose grey level is a function of its cell: `level = table[cell]`, 0 black to 1 white.
 *
 * A table over at most 65 536 cells makes rescale, window and inversion cost nothing per pixel, however many steps they
 * take.
 */
export interface GreySource {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns]; a signed stored value is indexed by its two's complement bits. */
  readonly cells: Uint8Array | Uint16Array;
  /** [256] or [65 536]. */
  readonly table: Float32Array;
}
