/** Squared distances between n updates: symmetric, zero diagonal. */
export class DistanceMatrix {
  constructor(
    readonly size: number,
    /** Row-major, size * size. */
    private readonly squared: Float64Array,
  ) {}

  /** ||x_i - x_j||^2. */
  at(i: number, j: number): number {
    return this.squared[i * this.size + j] ?? 0;
  }
}
