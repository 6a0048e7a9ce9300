import { TorchFileError } from '../vit.errors';
import { wrongValue } from './pickle.errors';
import { addItems, append, newDict, newList, setItems } from './pickle-containers';
import { build, call, persistentId, type PickleWorld, pushGlobal, stackGlobal } from './pickle-objects';
import { narrow, type PickleReader } from './pickle-reader';
import { type PickleStack } from './pickle-stack';
import { PickleDict, PickleList, PickleSet, PickleTuple, type PickleValue } from './pickle-values';

export type PickleOpcode = (stack: PickleStack, reader: PickleReader, world: PickleWorld) => unknown;

/** Ends a pickle; the machine itself handles it. */
export const stopOpcode = 0x2e;

/**
 * The opcodes of protocols 0 to 4 by their byte, named as in Python's pickletools. Left out, and so refused, are those that
 * only objects with code, extension registries and out-of-band buffers need: PERSID, INST, OBJ, NEWOBJ_EX, EXT1, EXT2, EXT4,
 * FROZENSET, BYTEARRAY8, NEXT_BUFFER, READONLY_BUFFER.
 */
export const pickleOpcodes: ReadonlyMap<number, PickleOpcode> = new Map<number, PickleOpcode>([
  [0x80, (_s, reader) => checkedProtocol(reader.uint8())], // PROTO
  [0x95, (_s, reader) => reader.length64()], // FRAME
  [0x28, (s) => s.mark()], // MARK
  [0x30, (s) => s.pop()], // POP
  [0x31, (s) => s.takeToMark()], // POP_MARK
  [0x32, (s) => s.push(s.top())], // DUP
  [0x4e, (s) => s.push(null)], // NONE
  [0x88, (s) => s.push(true)], // NEWTRUE
  [0x89, (s) => s.push(false)], // NEWFALSE
  [0x49, (s, reader) => s.push(decimal(reader.line()))], // INT
  [0x4c, (s, reader) => s.push(decimal(reader.line()))], // LONG
  [0x4a, (s, reader) => s.push(reader.int32())], // BININT
  [0x4b, (s, reader) => s.push(reader.uint8())], // BININT1
  [0x4d, (s, reader) => s.push(reader.uint16())], // BININT2
  [0x8a, (s, reader) => s.push(reader.longInteger(reader.uint8()))], // LONG1
  [0x8b, (s, reader) => s.push(reader.longInteger(reader.uint32()))], // LONG4
  [0x46, (s, reader) => s.push(floating(reader.line()))], // FLOAT
  [0x47, (s, reader) => s.push(reader.float64())], // BINFLOAT
  [0x58, (s, reader) => s.push(reader.text(reader.uint32()))], // BINUNICODE
  [0x8c, (s, reader) => s.push(reader.text(reader.uint8()))], // SHORT_BINUNICODE
  [0x8d, (s, reader) => s.push(reader.text(reader.length64()))], // BINUNICODE8
  [0x54, (s, reader) => s.push(reader.latin1(reader.uint32()))], // BINSTRING
  [0x55, (s, reader) => s.push(reader.latin1(reader.uint8()))], // SHORT_BINSTRING
  [0x42, (s, reader) => s.push(reader.raw(reader.uint32()))], // BINBYTES
  [0x43, (s, reader) => s.push(reader.raw(reader.uint8()))], // SHORT_BINBYTES
  [0x8e, (s, reader) => s.push(reader.raw(reader.length64()))], // BINBYTES8
  [0x29, (s) => s.push(new PickleTuple([]))], // EMPTY_TUPLE
  [0x85, (s) => s.push(new PickleTuple(s.take(1)))], // TUPLE1
  [0x86, (s) => s.push(new PickleTuple(s.take(2)))], // TUPLE2
  [0x87, (s) => s.push(new PickleTuple(s.take(3)))], // TUPLE3
  [0x74, (s) => s.push(new PickleTuple(s.takeToMark()))], // TUPLE
  [0x5d, (s) => s.push(new PickleList())], // EMPTY_LIST
  [0x6c, newList], // LIST
  [0x61, appendOne], // APPEND
  [0x65, appendAll], // APPENDS
  [0x7d, (s) => s.push(new PickleDict())], // EMPTY_DICT
  [0x64, newDict], // DICT
  [0x73, setOne], // SETITEM
  [0x75, setAll], // SETITEMS
  [0x8f, (s) => s.push(new PickleSet())], // EMPTY_SET
  [0x90, addItems], // ADDITEMS
  [0x67, (s, reader) => s.recall(memoIndex(reader.line()))], // GET
  [0x68, (s, reader) => s.recall(reader.uint8())], // BINGET
  [0x6a, (s, reader) => s.recall(reader.uint32())], // LONG_BINGET
  [0x70, (s, reader) => s.remember(memoIndex(reader.line()))], // PUT
  [0x71, (s, reader) => s.remember(reader.uint8())], // BINPUT
  [0x72, (s, reader) => s.remember(reader.uint32())], // LONG_BINPUT
  [0x94, (s) => s.rememberNext()], // MEMOIZE
  [0x63, pushGlobal], // GLOBAL
  [0x93, stackGlobal], // STACK_GLOBAL
  [0x52, call], // REDUCE
  [0x81, call], // NEWOBJ
  [0x62, build], // BUILD
  [0x51, persistentId], // BINPERSID
]);

function appendOne(stack: PickleStack): void {
  append(stack, stack.take(1));
}

function appendAll(stack: PickleStack): void {
  append(stack, stack.takeToMark());
}

function setOne(stack: PickleStack): void {
  setItems(stack, stack.take(2));
}

function setAll(stack: PickleStack): void {
  setItems(stack, stack.takeToMark());
}

function checkedProtocol(version: number): number {
  if (version > 4) throw new TorchFileError('TORCH.PICKLE_OPCODE', `expected pickle protocol 0 to 4, got ${version}`);
  return version;
}

/** The text of INT and LONG: `1`, `-3L`, and protocol 0's `00` and `01` for False and True. */
function decimal(text: string): PickleValue {
  if (text === '00') return false;
  if (text === '01') return true;
  const digits = text.endsWith('L') ? text.slice(0, -1) : text;
  if (!/^[+-]?\d{1,300}$/.test(digits)) throw wrongValue('a whole number', text);
  return narrow(BigInt(digits.startsWith('+') ? digits.slice(1) : digits));
}

function floating(text: string): number {
  if (text === 'nan') return NaN;
  if (text === 'inf') return Infinity;
  if (text === '-inf') return -Infinity;
  if (!/^[+-]?[\d.]{1,40}(e[+-]?\d{1,4})?$/i.test(text)) throw wrongValue('a number', text);
  return Number(text);
}

function memoIndex(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw wrongValue('an index', text);
  return Number(text);
}
