import { type Dtype } from '@fedistl/core';
import { TorchFileError } from '../vit.errors';
import { wrongValue } from './pickle.errors';
import { type PickleBuilder } from './pickle-objects';
import {
  PickleDict,
  PickleGlobal,
  PickleRecord,
  PickleSet,
  PickleTuple,
  PickleList,
  type PickleValue,
} from './pickle-values';
import { numpyBuilders } from './numpy-scalars';
import { rebuildParameter, rebuildTensor } from './torch-rebuild';

/** Element type of each storage class that PyTorch names. */
export const storageDtypes: ReadonlyMap<string, Dtype> = new Map<string, Dtype>([
  ['torch.DoubleStorage', 'F64'],
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
]);

/** Names that files of this kind hold beside tensors, kept as inert records. */
const recordNames = [
  'argparse.Namespace',
  'torch.Size',
  'torch.device',
  'pathlib.PosixPath',
  'pathlib.PurePosixPath',
  'pathlib.WindowsPath',
  'pathlib.PureWindowsPath',
];

/** Element types stand in files as bare names (`torch.float32`). */
const bareNames = ['float16', 'bfloat16', 'float32', 'float64', 'int8', 'uint8', 'int16', 'int32', 'int64', 'bool'];

/**
 * The allow-list: every name that a weight file may hold, with what it becomes here. Python 2 and 3 name the built-in module
 * differently; PyTorch writes the old one.
 *
 * @param inert further class names to keep as inert records, for files with foreign objects beside their weights
 */
export function torchBuilders(inert: readonly string[] = []): ReadonlyMap<string, PickleBuilder> {
  const builders = new Map<string, PickleBuilder>([
    ['collections.OrderedDict', orderedDict],
    ['collections.defaultdict', () => new PickleDict()],
    ['collections.Counter', orderedDict],
    ['torch._utils._rebuild_tensor_v2', rebuildTensor],
    ['torch._utils._rebuild_parameter', rebuildParameter],
    ['_codecs.encode', encodeText],
    ...['__builtin__', 'builtins'].flatMap((module): [string, PickleBuilder][] => [
      [`${module}.set`, setOf],
      [`${module}.frozenset`, setOf],
      [`${module}.object`, refuseCall],
      [`${module}.int`, refuseCall],
      [`${module}.float`, refuseCall],
      [`${module}.dict`, () => new PickleDict()],
      [`${module}.list`, () => new PickleList()],
    ]),
    ...['copy_reg', 'copyreg'].map((module): [string, PickleBuilder] => [`${module}._reconstructor`, reconstructed]),
    ...numpyBuilders,
    ...bareNames.map((name): [string, PickleBuilder] => [`torch.${name}`, refuseCall]),
  ]);
  for (const name of storageDtypes.keys()) builders.set(name, refuseCall);
  for (const name of [...recordNames, ...inert]) {
    if (!builders.has(name)) builders.set(name, (args) => new PickleRecord(name, args));
  }
  return builders;
}

/** OrderedDict(), or, from Python 2, OrderedDict([[key, value], ...]). */
function orderedDict(args: readonly PickleValue[]): PickleValue {
  const dict = new PickleDict();
  const [first] = args;
  if (first === undefined) return dict;
  if (first instanceof PickleDict) {
    for (const [key, value] of first.entries) dict.entries.set(key, value);
    return dict;
  }
  for (const pair of itemsOf(first)) {
    const [key, value] = itemsOf(pair);
    if (key === undefined || value === undefined) throw wrongValue('pairs of key and value', pair);
    dict.entries.set(key, value);
  }
  return dict;
}

function setOf(args: readonly PickleValue[]): PickleValue {
  const set = new PickleSet();
  for (const item of itemsOf(args[0] ?? null)) set.items.add(item);
  return set;
}

/** Protocol 2 writes bytes as text plus a codec. */
function encodeText([text, codec]: readonly PickleValue[]): PickleValue {
  if (typeof text !== 'string' || (codec !== 'latin1' && codec !== 'latin-1')) throw wrongValue('latin-1 text', text);
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** `copyreg._reconstructor(cls, object, None)`: how protocols 0 and 1 make an object without calling its class. */
function reconstructed([cls]: readonly PickleValue[]): PickleValue {
  if (!(cls instanceof PickleGlobal)) throw wrongValue('the name of a class', cls);
  if (!recordNames.includes(cls.name)) throw wrongValue('a class that is kept as a record', cls);
  return new PickleRecord(cls.name, []);
}

function refuseCall(args: readonly PickleValue[]): PickleValue {
  throw new TorchFileError(
    'TORCH.PICKLE_VALUE',
    `a name that stands for itself was called with ${args.length} arguments`,
  );
}

function itemsOf(value: PickleValue): readonly PickleValue[] {
  if (value instanceof PickleList || value instanceof PickleTuple) return value.items;
  throw wrongValue('a list or tuple', value);
}
