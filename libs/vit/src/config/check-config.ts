import { VitError } from '../vit.errors';
import { type VitConfig } from './vit-config';

const largestDim = 65_536;
const largestPrototypes = 1 << 20;
const deepest = 256;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a model description from untrusted data (a study plan, the metadata of a weight file).
 *
 * @throws VitError `VIT.CONFIG_INVALID` for a field that is missing, unknown or out of range, `VIT.CONFIG_IMAGE_SIZE` when
 *   the patch does not divide the image, `VIT.CONFIG_HEADS` when the heads do not divide the width.
 */
export function parseVitConfig(value: unknown): VitConfig {
  const fields = record(value, 'config');
  refuseUnknown(fields, 'config', configFields);
  const dino = record(fields['dinoHead'], 'dinoHead');
  refuseUnknown(dino, 'dinoHead', ['hiddenDim', 'bottleneckDim', 'outDim']);
  const classes = record(fields['classHead'], 'classHead');
  refuseUnknown(classes, 'classHead', ['hiddenDim', 'findings']);
  const config: VitConfig = {
    imageSize: integer(fields, 'imageSize', 1, largestDim),
    patchSize: integer(fields, 'patchSize', 1, 1024),
    inChannels: channels(fields['inChannels']),
    embedDim: integer(fields, 'embedDim', 1, largestDim),
    depth: integer(fields, 'depth', 1, deepest),
    numHeads: integer(fields, 'numHeads', 1, 1024),
    mlpRatio: number(fields, 'mlpRatio', (x) => x > 0 && x <= 64, 'above 0, at most 64'),
    layerNormEps: number(fields, 'layerNormEps', (x) => x > 0 && x < 1, 'between 0 and 1'),
    dropPathRate: number(fields, 'dropPathRate', (x) => x >= 0 && x < 1, 'at least 0, below 1'),
    dinoHead: {
      hiddenDim: integer(dino, 'hiddenDim', 1, largestDim),
      bottleneckDim: integer(dino, 'bottleneckDim', 1, largestDim),
      outDim: integer(dino, 'outDim', 1, largestPrototypes),
    },
    classHead: {
      hiddenDim: integer(classes, 'hiddenDim', 1, largestDim),
      findings: integer(classes, 'findings', 1, 4096),
    },
  };
  checkDivisions(config);
  return config;
}

const configFields = [
  'imageSize',
  'patchSize',
  'inChannels',
  'embedDim',
  'depth',
  'numHeads',
  'mlpRatio',
  'layerNormEps',
  'dropPathRate',
  'dinoHead',
  'classHead',
];

function checkDivisions(config: VitConfig): void {
  const { imageSize, patchSize, embedDim, numHeads } = config;
  if (imageSize % patchSize !== 0) {
    throw new VitError(
      'VIT.CONFIG_IMAGE_SIZE',
      `expected an image size that is a multiple of the ${patchSize} px patch, got ${imageSize} px`,
      { details: { imageSize, patchSize } },
    );
  }
  if (embedDim % numHeads !== 0) {
    throw new VitError('VIT.CONFIG_HEADS', `expected a width that ${numHeads} heads divide, got ${embedDim}`, {
      details: { embedDim, numHeads },
    });
  }
  const hidden = embedDim * config.mlpRatio;
  if (Math.abs(hidden - Math.round(hidden)) > 1e-6) {
    throw invalid('mlpRatio', `a ratio that makes ${embedDim} times it a whole number`, config.mlpRatio);
  }
}

function record(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(field, 'an object', value);
  return value as Fields;
}

function refuseUnknown(fields: Fields, owner: string, known: readonly string[]): void {
  for (const name of Object.keys(fields)) {
    if (!known.includes(name)) throw invalid(owner, `no field but ${known.join(', ')}`, name);
  }
}

function integer(fields: Fields, field: string, least: number, most: number): number {
  const value = fields[field];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw invalid(field, `a whole number from ${least} to ${most}`, value);
  }
  return value;
}

function number(fields: Fields, field: string, holds: (x: number) => boolean, range: string): number {
  const value = fields[field];
  if (typeof value !== 'number' || !Number.isFinite(value) || !holds(value)) throw invalid(field, range, value);
  return value;
}

function channels(value: unknown): 1 | 3 {
  if (value !== 1 && value !== 3) throw invalid('inChannels', '1 or 3', value);
  return value;
}

function invalid(field: string, expected: string, value: unknown): VitError {
  const got = typeof value === 'object' && value !== null ? 'an object' : String(value);
  return new VitError('VIT.CONFIG_INVALID', `model ${field}: expected ${expected}, got ${got}`, { details: { field } });
}
