/** Linear model: score = x · weights + intercept. */
export interface RidgeModel {
  readonly weights: Float64Array;
  readonly intercept: number;
  /** Regularisation strength that was taken. */
  readonly alpha: number;
  /** Mean squared error of leaving one out, at that strength. */
  readonly looError: number;
}

/** Strengths that are tried: half decades. */
export const RIDGE_ALPHAS: readonly number[] = Array.from({ length: 15 }, (_, k) => 10 ** (-2 + k / 2));

/**
 * Ridge regression with an intercept that is not penalised, by Cholesky on the dual (n x n) problem. The strength is the one
 * of `alphas` with the least error of leaving one out, which has a closed form: with centred rows, G = (X Xᵀ + αI)⁻¹, the
 * residual of leaving i out is α(G y)_i / (α G_ii - 1/n). (Golub, Heath, Wahba, Technometrics 21, 1979.)
 *
 * @param x [n, d] @param y [n], n at least 2
 */
export function fitRidge(x: Float64Array, y: Float64Array, alphas: readonly number[] = RIDGE_ALPHAS): RidgeModel {
  const n = y.length;
  const d = x.length / n;
  const means = columnMeans(x, n, d);
  const centred = x.map((value, i) => value - (means[i % d] ?? 0));
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const target = y.map((value) => value - mean);
  const kernel = gram(centred, n, d);
  let best: { alpha: number; error: number; dual: Float64Array } | undefined;
  for (const alpha of alphas) {
    const inverse = inverseOf(kernel, n, alpha);
    const dual = new Float64Array(n);
    let error = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (inverse[i * n + j] ?? 0) * (target[j] ?? 0);
      dual[i] = sum;
      error += ((alpha * sum) / (alpha * (inverse[i * n + i] ?? 0) - 1 / n)) ** 2 / n;
    }
    if (best === undefined || error < best.error) best = { alpha, error, dual };
  }
  const { alpha, error, dual } = best ?? { alpha: NaN, error: NaN, dual: new Float64Array(n) };
  const weights = new Float64Array(d);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < d; k++) weights[k] = (weights[k] ?? 0) + (dual[i] ?? 0) * (centred[i * d + k] ?? 0);
  const intercept = weights.reduce((sum, weight, k) => sum - weight * (means[k] ?? 0), mean);
  return { weights, intercept, alpha, looError: error };
}

/** @param x [n, d] @returns [n] */
export function predictRidge({ weights, intercept }: RidgeModel, x: Float64Array): Float64Array {
  const d = weights.length;
  return Float64Array.from({ length: x.length / d }, (_, i) => {
    let sum = intercept;
    for (let k = 0; k < d; k++) sum += (x[i * d + k] ?? 0) * (weights[k] ?? 0);
    return sum;
  });
}

function columnMeans(x: Float64Array, n: number, d: number): Float64Array {
  const means = new Float64Array(d);
  for (const [i, value] of x.entries()) means[i % d] = (means[i % d] ?? 0) + value / n;
  return means;
}

/** X Xᵀ, [n, n]. */
function gram(x: Float64Array, n: number, d: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = x.subarray(i * d, (i + 1) * d);
    for (let j = 0; j <= i; j++) {
      const other = x.subarray(j * d, (j + 1) * d);
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (row[k] ?? 0) * (other[k] ?? 0);
      out[i * n + j] = sum;
      out[j * n + i] = sum;
    }
  }
  return out;
}

/** (K + αI)⁻¹ by Cholesky: K + αI = L Lᵀ, then L⁻ᵀ L⁻¹. */
function inverseOf(kernel: Float64Array, n: number, alpha: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = (kernel[i * n + j] ?? 0) + (i === j ? alpha : 0);
      for (let k = 0; k < j; k++) sum -= (lower[i * n + k] ?? 0) * (lower[j * n + k] ?? 0);
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / (lower[j * n + j] ?? 1);
    }
  }
  // Columns of L⁻¹, kept as rows of `triangle`: triangle[c, r] = L⁻¹[r, c].
  const triangle = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    for (let r = c; r < n; r++) {
      let sum = r === c ? 1 : 0;
      for (let k = c; k < r; k++) sum -= (lower[r * n + k] ?? 0) * (triangle[c * n + k] ?? 0);
      triangle[c * n + r] = sum / (lower[r * n + r] ?? 1);
    }
  }
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += (triangle[i * n + k] ?? 0) * (triangle[j * n + k] ?? 0);
      inverse[i * n + j] = sum;
      inverse[j * n + i] = sum;
    }
  }
  return inverse;
}
