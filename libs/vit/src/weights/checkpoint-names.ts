import { WeightsError } from '../vit.errors';
import { type WeightEntry, type WeightSource } from './weight-source';

/** Families of checkpoints by their names. */
export type CheckpointLayout = 'distl' | 'dino' | 'timm';

/** A checkpoint's tensors under this library's names. */
export interface NamedCheckpoint {
  readonly layout: CheckpointLayout;
  /** Our name -> the file's name and entry, in the file's order. */
  readonly tensors: ReadonlyMap<string, { readonly fileName: string; readonly entry: WeightEntry }>;
  /** Tensors that have no place in this network and are left out: linear classifiers of timm and DeiT models. */
  readonly ignored: readonly string[];
}

/** Wrappers that training code leaves in front of names. */
const wrappers = ['module.', '_orig_mod.', 'dino.', 'model.', 'encoder.'];
/** First parts of a backbone's names where nothing stands in front of them. */
const backboneParts = ['cls_token', 'pos_embed', 'patch_embed.', 'blocks.', 'norm.'];
/** Heads of other models; a bare `head.weight` is timm's classifier, while DINO's head is `head.mlp` and `head.last_layer`. */
const classifiers = ['head.weight', 'head.bias', 'fc.weight', 'fc.bias', 'pre_logits.fc.weight', 'pre_logits.fc.bias'];

/** PyTorch's newer name of the weight norm's two parts. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['head.last_layer.parametrizations.weight.original0', 'head.last_layer.weight_g'],
  ['head.last_layer.parametrizations.weight.original1', 'head.last_layer.weight_v'],
]);

/**
 * Brings the names of DISTL, DINO and timm checkpoints to this library's (distl.md 7.2). A name that none of them uses is
 * kept, so that the strict check against the model names it.
 *
 * @throws WeightsError `WEIGHTS.AMBIGUOUS` when two tensors of the file would get one name
 */
export function nameCheckpoint({ entries }: WeightSource): NamedCheckpoint {
  const tensors = new Map<string, { readonly fileName: string; readonly entry: WeightEntry }>();
  const ignored: string[] = [];
  for (const [fileName, entry] of entries) {
    const name = canonicalName(fileName);
    if (name === undefined) {
      ignored.push(fileName);
      continue;
    }
    const other = tensors.get(name);
    if (other !== undefined) {
      throw new WeightsError('WEIGHTS.AMBIGUOUS', `both ${other.fileName} and ${fileName} stand for ${name}`, {
        details: { name },
      });
    }
    tensors.set(name, { fileName, entry });
  }
  return { layout: layoutOf([...tensors.keys()], ignored), tensors, ignored };
}

/** A backbone tensor's name in DINO's plain files and in timm; undefined for tensors of the heads. */
export function plainBackboneName(name: string): string | undefined {
  return name.startsWith('backbone.') ? name.slice('backbone.'.length) : undefined;
}

function canonicalName(fileName: string): string | undefined {
  const bare = unwrapped(fileName);
  const inner = bare.startsWith('backbone.') ? bare.slice('backbone.'.length) : bare;
  if (classifiers.includes(inner)) return undefined;
  if (backboneParts.some((part) => inner.startsWith(part))) return `backbone.${inner}`;
  return renamed.get(bare) ?? bare;
}

function unwrapped(name: string): string {
  const wrapper = wrappers.find((prefix) => name.startsWith(prefix));
  return wrapper === undefined ? name : unwrapped(name.slice(wrapper.length));
}

function layoutOf(names: readonly string[], ignored: readonly string[]): CheckpointLayout {
  if (names.some((name) => name.startsWith('cls_head.'))) return 'distl';
  return ignored.length > 0 ? 'timm' : 'dino';
}
