import { signed, unsigned } from './wasm-encoder';

/** The few instructions that the kernels use, as byte sequences (WebAssembly Core Specification 2.0, section 5.4). */
const simd = (opcode: number, ...rest: number[]): number[] => [0xfd, ...unsigned(opcode), ...rest];

export const get = (local: number): number[] => [0x20, ...unsigned(local)];
export const set = (local: number): number[] => [0x21, ...unsigned(local)];
export const i32Const = (value: number): number[] => [0x41, ...signed(value)];
export const i32Add: readonly number[] = [0x6a];
export const i32Sub: readonly number[] = [0x6b];

/** Address operand: alignment 2^2, then a constant offset in bytes. */
const memoryArgument = (offset: number): number[] => [2, ...unsigned(offset)];
export const v128Load = (offset = 0): number[] => simd(0, ...memoryArgument(offset));
export const v128Store = (offset = 0): number[] => simd(11, ...memoryArgument(offset));
/** Loads one float64 into both lanes. */
export const f64Splat = (offset = 0): number[] => simd(10, ...memoryArgument(offset));
export const f64SplatOf: readonly number[] = simd(20);
export const v128Zero: readonly number[] = simd(12, ...Array<number>(16).fill(0));

/** Bytes 8..15 of both operands: with one value twice, its upper half in the lower. */
export const upperHalves: readonly number[] = simd(13, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
/** Bytes 0..7 of both operands, side by side. */
export const lowerHalves: readonly number[] = simd(13, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);

export const f32x4Sub: readonly number[] = simd(0xe5);
/** pmin(a, b) = b < a ? b : a; pmax(a, b) = a < b ? b : a: one machine instruction each. */
export const f32x4Pmin: readonly number[] = simd(0xea);
export const f32x4Pmax: readonly number[] = simd(0xeb);
export const f64x2Add: readonly number[] = simd(0xf0);
export const f64x2Mul: readonly number[] = simd(0xf2);
export const f64x2Div: readonly number[] = simd(0xf3);
/** f32x4 from two f64 lanes, the upper two zero. */
export const demote: readonly number[] = simd(0x5e);
/** The two lower f32 lanes as f64. */
export const promoteLow: readonly number[] = simd(0x5f);

/** `local += amount` for i32. */
export const increase = (local: number, amount: readonly number[]): number[] => [
  ...get(local),
  ...amount,
  ...i32Add,
  ...set(local),
];

/** Repeats `body` while `local`, lowered by one after each turn, is not zero; `local` must be at least 1. */
export const countDown = (local: number, body: readonly number[]): number[] => [
  ...[0x03, 0x40],
  ...body,
  ...get(local),
  ...i32Const(1),
  ...i32Sub,
  ...[0x22, ...unsigned(local)],
  ...[0x0d, 0x00],
  0x0b,
];
