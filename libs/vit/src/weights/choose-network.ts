import { WeightsError } from '../vit.errors';
import { type WeightFile } from './weight-file';
import { type WeightSource } from './weight-source';

/** Where checkpoints keep a network, in the order of preference: DISTL's evaluated model is the student. */
const usualKeys = ['', 'student', 'state_dict', 'model', 'teacher'];

export interface ChosenNetwork {
  readonly key: string;
  readonly source: WeightSource;
}

/**
 * The network of a file: the one asked for, else by the usual keys, else the only one that has a patch embedding.
 *
 * @throws WeightsError `WEIGHTS.NETWORK` with the keys that there are
 */
export function chooseNetwork({ groups }: WeightFile, wanted?: string): ChosenNetwork {
  const networks = new Map([...groups].filter(([, source]) => hasPatchEmbedding(source)));
  const key = wanted ?? usualKeys.find((usual) => networks.has(usual)) ?? [...networks.keys()][0];
  const source = key === undefined ? undefined : networks.get(key);
  if (key === undefined || source === undefined) {
    const there = [...networks.keys()].map((name) => name || '(top)').join(', ') || 'none';
    throw new WeightsError(
      'WEIGHTS.NETWORK',
      `expected a vision transformer under ${wanted ?? 'a usual key'}, got: ${there}`,
      {
        details: { wanted, networks: [...networks.keys()] },
      },
    );
  }
  return { key, source };
}

function hasPatchEmbedding({ entries }: WeightSource): boolean {
  return [...entries.keys()].some((name) => name.endsWith('patch_embed.proj.weight'));
}
