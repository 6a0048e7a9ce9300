import { TorchFileError } from '../vit.errors';
import { wrongValue } from './pickle.errors';
import { type PickleBuilder } from './pickle-objects';
import { PickleRecord, PickleTuple, type PickleValue } from './pickle-values';

type Reader = (view: DataView, littleEndian: boolean) => PickleValue;

/** The scalar types that training loops leave in their logs (a best metric, a seed). */
const scalarReaders: ReadonlyMap<string, { readonly bytes: number; readonly read: Reader }> = new Map([
  ['f8', { bytes: 8, read: (view: DataView, little: boolean) => view.getFloat64(0, little) }],
  ['f4', { bytes: 4, read: (view: DataView, little: boolean) => view.getFloat32(0, little) }],
  ['i8', { bytes: 8, read: (view: DataView, little: boolean) => view.getBigInt64(0, little) }],
  ['i4', { bytes: 4, read: (view: DataView, little: boolean) => view.getInt32(0, little) }],
  ['u8', { bytes: 8, read: (view: DataView, little: boolean) => view.getBigUint64(0, little) }],
  ['u4', { bytes: 4, read: (view: DataView, little: boolean) => view.getUint32(0, little) }],
  ['u1', { bytes: 1, read: (view: DataView) => view.getUint8(0) }],
  ['b1', { bytes: 1, read: (view: DataView) => view.getUint8(0) !== 0 }],
]);

const dtypeName = 'numpy.dtype';

/** numpy.dtype and numpy scalars as plain data; arrays are refused. */
export const numpyBuilders: readonly [string, PickleBuilder][] = [
  [dtypeName, dtype],
  ['numpy.core.multiarray.scalar', scalar],
  ['numpy._core.multiarray.scalar', scalar],
];

function dtype(args: readonly PickleValue[]): PickleValue {
  return new PickleRecord(dtypeName, args);
}

/** scalar(dtype, bytes): the dtype's code is its first argument, its byte order the second item of its state. */
function scalar([type, bytes]: readonly PickleValue[]): PickleValue {
  if (!(type instanceof PickleRecord) || type.name !== dtypeName) throw wrongValue('a numpy dtype', type);
  if (!(bytes instanceof Uint8Array)) throw wrongValue('the bytes of a numpy scalar', bytes);
  const code = type.args[0];
  const reader = typeof code === 'string' ? scalarReaders.get(code) : undefined;
  if (reader?.bytes !== bytes.length) {
    throw new TorchFileError(
      'TORCH.PICKLE_VALUE',
      `a numpy scalar of ${bytes.length} bytes and an unknown or other type`,
    );
  }
  const order = type.state instanceof PickleTuple ? type.state.items[1] : '<';
  return reader.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), order !== '>');
}
