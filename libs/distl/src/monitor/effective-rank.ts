/**
 * Effective rank of a feature matrix: exp of the entropy of its normalised singular values (Roy and Vetterli, EUSIPCO 2007),
 * from 1 (all rows on a line through the mean, or equal) to the number of directions in use. Rows are centred first.
 *
 * The singular values are the roots of the eigenvalues of the rows' Gram matrix, found by Jacobi rotations.
 *
 * @param features [rows, width], row-major
 */
export function effectiveRank(features: ArrayLike<number>, rows: number): number {
  const gram = centredGram(features, rows);
  diagonalise(gram, rows);
  const eigenvalues = Array.from({ length: rows }, (_, i) => gram[i * rows + i] ?? 0);
  // Centring leaves an eigenvalue of zero; its rounding, of 1e-16, would have a root of 1e-8.
  const floor = ROUNDING * Math.max(...eigenvalues);
  const singular = eigenvalues.map((value) => (value > floor ? Math.sqrt(value) : 0));
  const total = singular.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 1;
  const entropy = singular.reduce(
    (sum, value) => (value === 0 ? sum : sum - (value / total) * Math.log(value / total)),
    0,
  );
  return Math.exp(entropy);
}

/** Eigenvalues below this share of the largest are rounding. */
const ROUNDING = 1e-13;

function centredGram(features: ArrayLike<number>, rows: number): Float64Array {
  const width = features.length / rows;
  const centred = Float64Array.from(features);
  for (let column = 0; column < width; column++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += (centred[row * width + column] ?? 0) / rows;
    for (let row = 0; row < rows; row++) centred[row * width + column] = (centred[row * width + column] ?? 0) - mean;
  }
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (centred[i * width + k] ?? 0) * (centred[j * width + k] ?? 0);
      gram[i * rows + j] = gram[j * rows + i] = sum;
    }
  }
  return gram;
}

/** Cyclic Jacobi: a few sweeps leave the eigenvalues of the symmetric matrix on its diagonal. */
function diagonalise(a: Float64Array, n: number): void {
  const at = (i: number, j: number): number => a[i * n + j] ?? 0;
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(at(p, q)) < 1e-15 * Math.sqrt(Math.abs(at(p, p) * at(q, q))) || at(p, q) === 0) continue;
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q));
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [kp, kq] = [at(k, p), at(k, q)];
          a[k * n + p] = c * kp - s * kq;
          a[k * n + q] = s * kp + c * kq;
        }
        for (let k = 0; k < n; k++) {
          const [pk, qk] = [at(p, k), at(q, k)];
          a[p * n + k] = c * pk - s * qk;
          a[q * n + k] = s * pk + c * qk;
        }
      }
    }
  }
}
