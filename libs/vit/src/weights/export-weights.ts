import { assertNever, float32Tensor, type NamedTensor } from '@fedistl/core';
import { writeFileAtomic, writeSafetensorsFile } from '@fedistl/core/node';
import { vitParameters } from '../parameters/parameter-list';
import { torchFileParts } from '../torch/torch-writer';
import { WeightsError } from '../vit.errors';
import { plainBackboneName } from './checkpoint-names';
import { convertChannels } from './convert-channels';
import { type VitWeights } from './vit-safetensors';

/** `pth`: DISTL's checkpoint with student and teacher; `dino` and `timm`: the backbone alone, by its plain names. */
export type ExportFormat = 'pth' | 'dino' | 'timm';

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Channels of the exported patch kernel; other programs expect three. */
  readonly channels?: 1 | 3;
  /** The teacher of a DISTL checkpoint; the student's weights when absent. */
  readonly teacher?: VitWeights | undefined;
}

/**
 * Writes a model for other programs: a `.safetensors` path gets safetensors (one network), any other a file for
 * `torch.load`. timm reads the backbone with `num_classes=0`: its classifier has no counterpart here.
 *
 * @throws WeightsError `WEIGHTS.EXPORT` for a DISTL checkpoint as safetensors, or a teacher where none belongs; FileError
 */
export async function exportWeights(path: string, student: VitWeights, options: ExportOptions): Promise<void> {
  const { format, channels = 3, teacher } = options;
  const isSafetensors = path.endsWith('.safetensors');
  if (format === 'pth' && isSafetensors) {
    throw new WeightsError(
      'WEIGHTS.EXPORT',
      'a DISTL checkpoint holds two networks: expected a .pth path, got .safetensors',
    );
  }
  if (format !== 'pth' && teacher !== undefined) {
    throw new WeightsError('WEIGHTS.EXPORT', `format ${format} holds one network; expected no teacher, got one`);
  }
  const tensors = exportedTensors(student, channels);
  if (isSafetensors) {
    await writeSafetensorsFile(path, renamed(tensors, plainBackboneName));
    return;
  }
  await writeFileAtomic(path, torchFileParts(document(format, tensors, teacher && exportedTensors(teacher, channels))));
}

function document(
  format: ExportFormat,
  student: readonly NamedTensor[],
  teacher: readonly NamedTensor[] | undefined,
): Parameters<typeof torchFileParts>[0] {
  switch (format) {
    case 'pth':
      // The released code saves the student from inside its parallel wrapper and the teacher without one.
      return {
        student: byName(renamed(student, (name) => `module.${name}`)),
        teacher: byName(teacher ?? student),
      };
    case 'dino':
    case 'timm':
      return byName(renamed(student, plainBackboneName));
    default:
      return assertNever(format);
  }
}

/** All tensors in checkpoint order, the patch kernel with `channels` channels. */
function exportedTensors({ config, values }: VitWeights, channels: 1 | 3): readonly NamedTensor[] {
  return vitParameters(config).map(({ name, shape }) => {
    const data = values.get(name);
    if (data === undefined) throw new WeightsError('WEIGHTS.MISSING', `the values of ${name} were not given`);
    if (name !== 'backbone.patch_embed.proj.weight') return float32Tensor(name, shape, data);
    const [outputs = 0, , height = 0, width = 0] = shape;
    return float32Tensor(name, [outputs, channels, height, width], convertChannels({ values: data, shape }, channels));
  });
}

function renamed(
  tensors: readonly NamedTensor[],
  rename: (name: string) => string | undefined,
): readonly NamedTensor[] {
  return tensors.flatMap((tensor) => {
    const name = rename(tensor.name);
    return name === undefined ? [] : [{ ...tensor, name }];
  });
}

function byName(tensors: readonly NamedTensor[]): ReadonlyMap<string, NamedTensor> {
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}
