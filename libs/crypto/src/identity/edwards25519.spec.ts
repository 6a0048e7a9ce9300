import { fromHex } from '../encoding/hex';
import { isOnEdwardsCurve, isReducedPoint, isReducedScalar, isSmallOrder } from './edwards25519';

/** A slow, independent Edwards curve: to find the points of small order by multiplying, not by a table. */
const p = 2n ** 255n - 19n;
const mod = (a: bigint) => ((a % p) + p) % p;
const power = (a: bigint, e: bigint): bigint => (e === 0n ? 1n : mod((e & 1n ? a : 1n) * power(mod(a * a), e >> 1n)));
const inverse = (a: bigint) => power(a, p - 2n);
const d = mod(-121665n * inverse(121666n));
type Point = readonly [bigint, bigint];
const add = ([x1, y1]: Point, [x2, y2]: Point): Point => {
  const k = mod(d * mod(x1 * x2) * mod(y1 * y2));
  return [mod((x1 * y2 + y1 * x2) * inverse(1n + k)), mod((y1 * y2 + x1 * x2) * inverse(mod(1n - k)))];
};
const encode = ([x, y]: Point): Uint8Array => {
  const value = y | ((x & 1n) << 255n);
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
};
const double = (point: Point) => add(point, point);
const root = (a: bigint): bigint | undefined => {
  const candidate = power(a, (p + 3n) / 8n);
  if (mod(candidate * candidate) === mod(a)) return candidate;
  const other = mod(candidate * power(2n, (p - 1n) / 4n));
  return mod(other * other) === mod(a) ? other : undefined;
};

describe('edwards25519 encodings', () => {
  it('calls small exactly the points that eight times themselves are neutral', () => {
    // A point of order 8 doubles to one of order 4, that to order 2: climb up from the known y of order 8.
    const y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
    const x8 = root(mod((y8 * y8 - 1n) * inverse(mod(d * y8 * y8 + 1n))));
    expect(x8).toBeDefined();
    const generator: Point = [x8!, y8];
    let point = generator;
    const seen = new Set<string>();
    for (let i = 0; i < 8; i++) {
      expect(double(double(double(point)))).toEqual([0n, 1n]);
      expect(isSmallOrder(encode(point))).toBe(true);
      seen.add(point.join());
      point = add(point, generator);
    }
    expect(seen.size).toBe(8); // All eight: the subgroup is cyclic.
  });

  it('calls the base point and its multiples large, canonical and on the curve', () => {
    const y = mod(4n * inverse(5n));
    const x = root(mod((y * y - 1n) * inverse(mod(d * y * y + 1n))))!;
    let point: Point = [x, y];
    for (let i = 0; i < 8; i++) {
      const bytes = encode(point);
      expect([isSmallOrder(bytes), isOnEdwardsCurve(bytes), isReducedPoint(bytes)]).toEqual([false, true, true]);
      point = double(point);
    }
  });

  it('agrees with the square root about which y are on the curve', () => {
    for (let y = 2n; y < 40n; y++) {
      const bytes = encode([0n, y]);
      const expected = root(mod((y * y - 1n) * inverse(mod(d * y * y + 1n)))) !== undefined;
      expect(isOnEdwardsCurve(bytes)).toBe(expected);
    }
  });

  it('draws the line for S at the group order', () => {
    expect(isReducedScalar(fromHex('ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010'))).toBe(true);
    expect(isReducedScalar(fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010'))).toBe(false);
  });

  it('has no canonical negative of x = 0', () => {
    expect(isOnEdwardsCurve(fromHex('01' + '00'.repeat(31)))).toBe(true);
    expect(isOnEdwardsCurve(fromHex('01' + '00'.repeat(30) + '80'))).toBe(false);
  });
});
