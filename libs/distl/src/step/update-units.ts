import { type ParameterSpec } from '@fedistl/vit';
import { Pack } from '../optimiser/pack';

/** Tensors that are updated by the same operations. */
export interface UpdateUnit {
  readonly decayed: boolean;
  readonly pack: Pack;
}

/** Up to this many elements a tensor is updated together with others of its block. */
const SMALL = 8192;

/**
 * How the parameters are updated: each large tensor by itself, the small ones without weight decay (biases, norms) block by
 * block. Larger packs would save more operations, but hold the gradients of many blocks, and with them their activations,
 * until the last of them is known. For the same reason a block's units stand side by side: the runtime takes up the last
 * result first and computes what it needs, so a block's gradients are all consumed before the next block's are asked for.
 */
export function updateUnits(parameters: readonly ParameterSpec[]): UpdateUnit[] {
  const members: { readonly decayed: boolean; readonly parameters: ParameterSpec[] }[] = [];
  const packs = new Map<string, ParameterSpec[]>();
  for (const parameter of parameters) {
    const size = parameter.shape.reduce((product, length) => product * length, 1);
    const key = parameter.decayed || size > SMALL ? undefined : blockOf(parameter.name);
    const pack = key === undefined ? undefined : packs.get(key);
    if (pack !== undefined) {
      pack.push(parameter);
      continue;
    }
    const unit = { decayed: parameter.decayed, parameters: [parameter] };
    members.push(unit);
    if (key !== undefined) packs.set(key, unit.parameters);
  }
  return members.map(({ decayed, parameters: together }) => ({ decayed, pack: new Pack(together) }));
}

/** The transformer block that a parameter belongs to, or the part of the network outside of them. */
function blockOf(name: string): string {
  return /^backbone\.blocks\.\d+\./.exec(name)?.[0] ?? name.split('.', 1)[0] ?? name;
}
