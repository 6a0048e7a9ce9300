import { type ParameterSpec } from '../parameters/parameter-list';
import { WeightsError } from '../vit.errors';
import { type NamedCheckpoint } from './checkpoint-names';

/** Departures from an exact match that the caller knows of, as prefixes of names. None by default. */
export interface Allowances {
  /** Tensors that may be missing, such as `head.` and `cls_head.` for a plain backbone. */
  readonly missing?: readonly string[] | undefined;
  /** Tensors that the file may have beyond the model's. */
  readonly extra?: readonly string[] | undefined;
}

export interface MatchedWeights {
  readonly present: readonly ParameterSpec[];
  readonly missing: readonly ParameterSpec[];
  /** Allowed extra tensors, under this library's names. */
  readonly extra: readonly string[];
}

/**
 * Compares a checkpoint with the model, strictly: the released DISTL code loads non-strictly, which hid missing weights.
 *
 * @throws WeightsError `WEIGHTS.SHAPE`, `WEIGHTS.MISSING`, `WEIGHTS.EXTRA`, each naming the tensors (all in `details`)
 */
export function matchWeights(
  parameters: readonly ParameterSpec[],
  { tensors }: NamedCheckpoint,
  allowed: Allowances = {},
): MatchedWeights {
  const known = new Set(parameters.map(({ name }) => name));
  const present = parameters.filter(({ name }) => tensors.has(name));
  const misshaped = present.flatMap((spec) => {
    const shape = tensors.get(spec.name)?.entry.shape ?? [];
    return shapeFits(spec, shape)
      ? []
      : [`${spec.name} (expected [${spec.shape.join(', ')}], got [${shape.join(', ')}])`];
  });
  refuse('WEIGHTS.SHAPE', 'have another shape than the model', misshaped);
  const missing = parameters.filter(({ name }) => !tensors.has(name));
  const isAllowed = (name: string, prefixes: readonly string[] = []) =>
    prefixes.some((prefix) => name.startsWith(prefix));
  const lacking = missing.map(({ name }) => name).filter((name) => !isAllowed(name, allowed.missing));
  refuse('WEIGHTS.MISSING', 'of the model are missing in the file', lacking);
  const extra = [...tensors.keys()].filter((name) => !known.has(name));
  refuse(
    'WEIGHTS.EXTRA',
    'in the file are unknown to the model',
    extra.filter((name) => !isAllowed(name, allowed.extra)),
  );
  return { present, missing, extra };
}

const patchKernel = 'backbone.patch_embed.proj.weight';

/** Equal, or a patch kernel with one channel where the other has three, which converts exactly. */
function shapeFits({ name, shape }: ParameterSpec, given: readonly number[]): boolean {
  const sides =
    name === patchKernel && (given[1] === 1 || given[1] === 3) ? [given[0], shape[1], ...given.slice(2)] : given;
  return sides.length === shape.length && sides.every((side, axis) => side === shape[axis]);
}

const namesInMessage = 8;

function refuse(code: string, what: string, names: readonly string[]): void {
  if (names.length === 0) return;
  const shown = names.slice(0, namesInMessage).join(', ');
  const more = names.length > namesInMessage ? ` and ${names.length - namesInMessage} more` : '';
  throw new WeightsError(code, `${names.length} tensors ${what}: ${shown}${more}`, { details: { tensors: names } });
}
