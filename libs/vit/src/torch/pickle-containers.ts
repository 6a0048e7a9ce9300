import { wrongValue } from './pickle.errors';
import { type PickleStack } from './pickle-stack';
import { PickleDict, PickleList, PickleRecord, PickleSet, type PickleValue } from './pickle-values';

/** LIST: everything since the mark becomes a list. */
export function newList(stack: PickleStack): void {
  const items = stack.takeToMark();
  stack.push(new PickleList());
  append(stack, items);
}

/** APPEND and APPENDS: adds to the list on top. Python's classes may subclass list, so records take items too. */
export function append(stack: PickleStack, items: readonly PickleValue[]): void {
  const target = stack.top();
  if (!(target instanceof PickleList) && !(target instanceof PickleRecord)) {
    throw wrongValue('a list to append to', target);
  }
  for (const item of items) target.items.push(item);
}

/** DICT: everything since the mark, keys and values in turn, becomes a dict. */
export function newDict(stack: PickleStack): void {
  const items = stack.takeToMark();
  stack.push(new PickleDict());
  setItems(stack, items);
}

/** SETITEM and SETITEMS: fills the dict on top. */
export function setItems(stack: PickleStack, items: readonly PickleValue[]): void {
  const target = stack.top();
  if (!(target instanceof PickleDict) && !(target instanceof PickleRecord)) {
    throw wrongValue('a dict to fill', target);
  }
  if (items.length % 2 !== 0) throw wrongValue('keys and values in pairs', target);
  for (let index = 0; index + 1 < items.length; index += 2) {
    target.entries.set(items[index] ?? null, items[index + 1] ?? null);
  }
}

/** ADDITEMS: adds everything since the mark to the set on top. */
export function addItems(stack: PickleStack): void {
  const items = stack.takeToMark();
  const target = stack.top();
  if (!(target instanceof PickleSet)) throw wrongValue('a set to add to', target);
  for (const item of items) target.items.add(item);
}
