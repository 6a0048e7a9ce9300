import { TorchFileError } from '../vit.errors';
import { refusedOpcode } from './pickle.errors';
import { type PickleWorld } from './pickle-objects';
import { pickleOpcodes, stopOpcode } from './pickle-opcodes';
import { PickleReader } from './pickle-reader';
import { PickleStack } from './pickle-stack';
import { type PickleValue } from './pickle-values';

export interface Unpickled {
  readonly value: PickleValue;
  /** Bytes read, up to and with the STOP opcode. */
  readonly length: number;
}

/** A checkpoint of a ViT with its optimiser needs about 0.1 million; each can make an object, so this bounds memory too. */
const maxOpcodes = 1_000_000;

/**
 * Reads one pickle (protocols 0 to 4) as data. The loop holds no recursion, so nesting has no depth limit to hit.
 *
 * @throws TorchFileError `TORCH.PICKLE_GLOBAL` naming a class or function outside the allow-list, `TORCH.PICKLE_OPCODE` for
 *   an opcode that is unknown or has no use in weight files; `TORCH.PICKLE_STACK`, `TORCH.PICKLE_TRUNCATED`,
 *   `TORCH.PICKLE_TEXT`, `TORCH.PICKLE_LIMIT`, `TORCH.PICKLE_VALUE` for broken or hostile bytes
 */
export function unpickle(bytes: Uint8Array, world: PickleWorld): Unpickled {
  const reader = new PickleReader(bytes);
  const stack = new PickleStack();
  for (let count = 0; count < maxOpcodes; count += 1) {
    const at = reader.position;
    const opcode = reader.uint8();
    if (opcode === stopOpcode) return { value: stack.result(), length: reader.position };
    const handle = pickleOpcodes.get(opcode);
    if (handle === undefined) throw refusedOpcode(opcode, at);
    handle(stack, reader, world);
  }
  throw new TorchFileError('TORCH.PICKLE_LIMIT', `expected at most ${maxOpcodes} pickle operations, got more`);
}
