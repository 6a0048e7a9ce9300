import {
  countDown,
  demote,
  f32x4Pmax,
  f32x4Pmin,
  f32x4Sub,
  f64SplatOf,
  f64Splat,
  f64x2Add,
  f64x2Div,
  f64x2Mul,
  get,
  i32Const,
  increase,
  lowerHalves,
  promoteLow,
  set,
  upperHalves,
  v128Load,
  v128Store,
  v128Zero,
} from './instructions';
import { selectionNetwork } from './sorting-network';
import { valueType, type WasmFunction } from './wasm-encoder';

const { i32, f64, v128 } = valueType;
const repeat = <T>(n: number, item: (index: number) => T[]): T[] => Array.from({ length: n }, (_, i) => item(i)).flat();

/** Both halves of the f32x4 in local `source` as f64x2, through `use(half, code)`. */
const halves = (source: number, use: (half: 0 | 1, promoted: number[]) => number[]): number[] => [
  ...use(0, [...get(source), ...promoteLow]),
  ...use(1, [...get(source), ...get(source), ...upperHalves, ...promoteLow]),
];

/** f32x4 from the f64x2 locals `low` and `low + 1`. */
const joined = (low: number): number[] => [...get(low), ...demote, ...get(low + 1), ...demote, ...lowerHalves];

/** Coordinates that `weightedMean` handles at once. */
export const weightedMeanWidth = 16;

/** weightedMean(first, stride, rows, turns, weights, out, total): `turns` times 16 coordinates; addresses in bytes. */
export function weightedMeanCode(): WasmFunction {
  const [first, stride, rows, turns, weights, out, total] = [0, 1, 2, 3, 4, 5, 6];
  const [row, weight, left, x, w, divisor, sums] = [7, 8, 9, 10, 11, 12, 13];
  const addRow = [
    ...get(weight),
    ...f64Splat(),
    ...set(w),
    ...repeat(4, (v) => [
      ...get(row),
      ...v128Load(16 * v),
      ...set(x),
      ...halves(x, (half, promoted) => {
        const sum = sums + 2 * v + half;
        return [...get(sum), ...promoted, ...get(w), ...f64x2Mul, ...f64x2Add, ...set(sum)];
      }),
    ]),
    ...increase(row, get(stride)),
    ...increase(weight, i32Const(8)),
  ];
  const turn = [
    ...[...get(first), ...set(row), ...get(weights), ...set(weight), ...get(rows), ...set(left)],
    ...repeat(8, (s) => [...v128Zero, ...set(sums + s)]),
    ...countDown(left, addRow),
    ...repeat(8, (s) => [...get(sums + s), ...get(divisor), ...f64x2Div, ...set(sums + s)]),
    ...repeat(4, (v) => [...get(out), ...joined(sums + 2 * v), ...v128Store(16 * v)]),
    ...increase(first, i32Const(64)),
    ...increase(out, i32Const(64)),
  ];
  return {
    name: 'weightedMean',
    parameters: [i32, i32, i32, i32, i32, i32, f64],
    locals: [i32, i32, i32, v128, v128, v128, ...repeat(8, () => [v128])],
    body: [...get(total), ...f64SplatOf, ...set(divisor), ...countDown(turns, turn)],
  };
}

/** addSquares(row, turns, lanes): `turns` times 4 values; `lanes` addresses four float64. */
export function addSquaresCode(): WasmFunction {
  const [row, turns, lanes, x, wide, sums] = [0, 1, 2, 3, 4, 5];
  const turn = [
    ...get(row),
    ...v128Load(),
    ...set(x),
    ...halves(x, (half, promoted) => [
      ...[...promoted, ...set(wide), ...get(sums + half)],
      ...[...get(wide), ...get(wide), ...f64x2Mul, ...f64x2Add, ...set(sums + half)],
    ]),
    ...increase(row, i32Const(16)),
  ];
  return {
    name: 'addSquares',
    parameters: [i32, i32, i32],
    locals: [v128, v128, v128, v128],
    body: [
      ...repeat(2, (half) => [...get(lanes), ...v128Load(16 * half), ...set(sums + half)]),
      ...countDown(turns, turn),
      ...repeat(2, (half) => [...get(lanes), ...get(sums + half), ...v128Store(16 * half)]),
    ],
  };
}

/**
 * addSquaredDistances<g>(row, other, stride, turns, lanes): distances of one row to `group` rows from `other` on, so that
 * their sums run side by side; `lanes` addresses 4 * group float64.
 */
export function addSquaredDistancesCode(group: number): WasmFunction {
  const [row, other, stride, turns, lanes, x, wide, difference] = [0, 1, 2, 3, 4, 5, 6, 7];
  const rowOf = (g: number): number => 8 + g;
  const sumOf = (g: number, half: number): number => 8 + group + 2 * g + half;
  const turn = [
    ...[...get(row), ...v128Load(), ...set(x)],
    ...repeat(group, (g) => [
      ...[...get(x), ...get(rowOf(g)), ...v128Load(), ...f32x4Sub, ...set(difference)],
      ...halves(difference, (half, promoted) => [
        ...[...promoted, ...set(wide), ...get(sumOf(g, half))],
        ...[...get(wide), ...get(wide), ...f64x2Mul, ...f64x2Add, ...set(sumOf(g, half))],
      ]),
      ...increase(rowOf(g), i32Const(16)),
    ]),
    ...increase(row, i32Const(16)),
  ];
  const each = (code: (g: number, half: number) => number[]): number[] =>
    repeat(group, (g) => repeat(2, (half) => code(g, half)));
  return {
    name: `addSquaredDistances${String(group)}`,
    parameters: [i32, i32, i32, i32, i32],
    locals: [v128, v128, v128, ...repeat(group, () => [i32]), ...repeat(2 * group, () => [v128])],
    body: [
      ...repeat(group, (g) => [...get(other), ...set(rowOf(g)), ...increase(other, get(stride))]),
      ...each((g, half) => [...get(lanes), ...v128Load(32 * g + 16 * half), ...set(sumOf(g, half))]),
      ...countDown(turns, turn),
      ...each((g, half) => [...get(lanes), ...get(sumOf(g, half)), ...v128Store(32 * g + 16 * half)]),
    ],
  };
}

/** trimmedMean(first, stride, turns, out): `turns` times 4 coordinates of exactly `rows` rows. */
export function trimmedMeanCode(rows: number, trim: number): WasmFunction {
  const [first, stride, turns, out, row, divisor, sums] = [0, 1, 2, 3, 4, 5, 6];
  const wire = (r: number): number => 8 + r;
  const kept = rows - 2 * trim;
  const exchange = selectionNetwork(rows, trim, rows - trim).flatMap(({ low, high, needLow, needHigh }) => [
    ...(needLow ? [...get(wire(low)), ...get(wire(high)), ...f32x4Pmin] : []),
    ...(needHigh ? [...get(wire(low)), ...get(wire(high)), ...f32x4Pmax, ...set(wire(high))] : []),
    ...(needLow ? set(wire(low)) : []),
  ]);
  const turn = [
    ...[...get(first), ...set(row)],
    ...repeat(rows, (r) => [...get(row), ...v128Load(), ...set(wire(r)), ...increase(row, get(stride))]),
    ...exchange,
    ...repeat(2, (half) => [...v128Zero, ...set(sums + half)]),
    ...repeat(kept, (k) =>
      halves(wire(trim + k), (half, promoted) => [
        ...[...get(sums + half), ...promoted, ...f64x2Add, ...set(sums + half)],
      ]),
    ),
    ...repeat(2, (half) => [...get(sums + half), ...get(divisor), ...f64x2Div, ...set(sums + half)]),
    ...[...get(out), ...joined(sums), ...v128Store()],
    ...increase(first, i32Const(16)),
    ...increase(out, i32Const(16)),
  ];
  return {
    name: 'trimmedMean',
    parameters: [i32, i32, i32, i32],
    locals: [i32, v128, v128, v128, ...repeat(rows, () => [v128])],
    body: [...f64Constant(kept), ...f64SplatOf, ...set(divisor), ...countDown(turns, turn)],
  };
}

function f64Constant(value: number): number[] {
  return [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
}
