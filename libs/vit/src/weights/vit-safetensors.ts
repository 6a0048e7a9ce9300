import { float32Tensor } from '@fedistl/core';
import { writeSafetensorsFile } from '@fedistl/core/node';
import { parseVitConfig } from '../config/check-config';
import { type VitConfig } from '../config/vit-config';
import { vitParameters } from '../parameters/parameter-list';
import { WeightsError } from '../vit.errors';
import { chooseNetwork } from './choose-network';
import { type Allowances } from './match-weights';
import { loadWeights } from './load-weights';
import { withWeightFile } from './weight-file';

/** Metadata key of the model description, as JSON. */
const configKey = 'fedistl.vit';

/** A model as fedistl keeps it: description and values by name. */
export interface VitWeights {
  readonly config: VitConfig;
  readonly values: ReadonlyMap<string, Float32Array>;
}

/**
 * Writes a model as one safetensors file, its description in the header, atomically.
 *
 * @param note further metadata (origin, generation)
 * @throws WeightsError `WEIGHTS.MISSING`, `WEIGHTS.SHAPE` unless the values are those of the model; FileError
 */
export async function saveVit(
  path: string,
  { config, values }: VitWeights,
  note: Readonly<Record<string, string>> = {},
): Promise<void> {
  const tensors = vitParameters(config).map(({ name, shape }) => {
    const data = values.get(name);
    const size = shape.reduce((product, side) => product * side, 1);
    if (data === undefined) throw new WeightsError('WEIGHTS.MISSING', `the values of ${name} were not given`);
    if (data.length !== size) {
      throw new WeightsError('WEIGHTS.SHAPE', `expected ${size} values of ${name}, got ${data.length}`);
    }
    return float32Tensor(name, shape, data);
  });
  await writeSafetensorsFile(path, tensors, { ...note, [configKey]: JSON.stringify(config) });
}

/**
 * Reads a model that `saveVit` wrote.
 *
 * @throws WeightsError `WEIGHTS.NO_CONFIG` for a safetensors file of another origin, and as `loadWeights`
 */
export async function loadVit(path: string, allowed: Allowances = {}): Promise<VitWeights> {
  return withWeightFile(path, {}, async (file) => {
    const config = storedConfig(file.metadata);
    if (config === undefined) {
      throw new WeightsError(
        'WEIGHTS.NO_CONFIG',
        `${path} has no model description; bring it in by "fedistl model import"`,
      );
    }
    const { values } = await loadWeights(chooseNetwork(file).source, config, { allowed });
    return { config, values };
  });
}

/**
 * The model description in a file's metadata, if it has one.
 *
 * @throws WeightsError `WEIGHTS.NO_CONFIG` when it is not JSON; VitError when it describes no valid model
 */
export function storedConfig(metadata: Readonly<Record<string, string>>): VitConfig | undefined {
  const text = metadata[configKey];
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WeightsError('WEIGHTS.NO_CONFIG', 'the model description in the file is not JSON', { cause });
  }
  return parseVitConfig(value);
}
