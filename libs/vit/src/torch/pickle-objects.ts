import { TorchFileError } from '../vit.errors';
import { refusedGlobal, wrongValue } from './pickle.errors';
import { type PickleReader } from './pickle-reader';
import { type PickleStack } from './pickle-stack';
import { PickleDict, PickleGlobal, PickleRecord, PickleTuple, type PickleValue } from './pickle-values';

/** Makes the value that Python would make by calling an allowed name; a pure function of plain data. */
export type PickleBuilder = (args: readonly PickleValue[]) => PickleValue;

/** What a pickle may name, and what its persistent ids stand for. */
export interface PickleWorld {
  /**
   * The builder of a global such as `collections.OrderedDict`; undefined refuses it. Builders are this library's own
   * functions: nothing that a file names is ever looked up, imported or run.
   */
  readonly builderOf: (name: string) => PickleBuilder | undefined;
  readonly persistent?: (id: PickleValue) => PickleValue;
}

/** GLOBAL: puts an allowed name on the stack, or refuses it. */
export function pushGlobal(stack: PickleStack, reader: PickleReader, world: PickleWorld): void {
  const module = reader.line();
  pushName(stack, world, `${module}.${reader.line()}`);
}

/** STACK_GLOBAL: the same, with the two parts of the name taken from the stack. */
export function stackGlobal(stack: PickleStack, _reader: PickleReader, world: PickleWorld): void {
  const [module, member] = stack.take(2);
  if (typeof module !== 'string' || typeof member !== 'string') {
    throw wrongValue('two strings that name a global', module);
  }
  pushName(stack, world, `${module}.${member}`);
}

/** REDUCE and NEWOBJ: an allowed name "called" with a tuple, which here means this library's builder for it. */
export function call(stack: PickleStack, _reader: PickleReader, world: PickleWorld): void {
  const [callee, args] = stack.take(2);
  if (!(args instanceof PickleTuple)) throw wrongValue('a tuple of arguments', args);
  if (!(callee instanceof PickleGlobal)) throw wrongValue('the name of a class or function', callee);
  const builder = world.builderOf(callee.name);
  if (builder === undefined) throw refusedGlobal(callee.name);
  stack.push(builder(args.items));
}

/** BUILD: sets an object's state. Only inert records and the attributes of a dict take one. */
export function build(stack: PickleStack): void {
  const state = stack.pop();
  const target = stack.top();
  if (target instanceof PickleRecord) target.state = state;
  else if (target instanceof PickleDict) target.attributes = state;
  else throw wrongValue('an object that takes a state', target);
}

/** BINPERSID: a value that lies outside the pickle. */
export function persistentId(stack: PickleStack, _reader: PickleReader, world: PickleWorld): void {
  const id = stack.pop();
  if (world.persistent === undefined) {
    throw new TorchFileError('TORCH.PICKLE_VALUE', 'the pickle refers to outside data where there is none');
  }
  stack.push(world.persistent(id));
}

function pushName(stack: PickleStack, world: PickleWorld, name: string): void {
  if (world.builderOf(name) === undefined) throw refusedGlobal(name);
  stack.push(new PickleGlobal(name));
}
