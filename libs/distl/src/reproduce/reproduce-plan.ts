import { checkViewConfig, MINI_VIEWS, type ViewConfig } from '@fedistl/imaging';
import { parseVitConfig, vitPreset, type VitConfig } from '@fedistl/vit';
import { parseTrainConfig } from '../config/parse-train-config';
import { type TrainConfig } from '../config/train-config';
import { mergeKnown } from './merge-known';
import { ReproduceError } from './reproduce.errors';

/** How the labelled share is taken and how long the baselines are trained. */
export interface Protocol {
  /** Share of the training images that keep their labels; the paper's 10 %. */
  readonly labelledShare: number;
  /**
   * The images that say which length of training is best, and nothing else: `own-split`, the data set's validation split where
   * it has one with both classes; `labelled-share`, a part of the labelled images, which no network is trained on then.
   */
  readonly validation: 'own-split' | 'labelled-share';
  /** That part of the labelled images. */
  readonly validationShare: number;
  /** Share of all patients that is the test set, where the data set has no test split with both classes. */
  readonly testShare: number;
  /**
   * How long T = initial is trained: `validated`, as long as the supervised baseline was best by validation, so that the curve
   * does not rise from a start that was cut short; `plan`, the epochs of the training configuration.
   */
  readonly initial: 'validated' | 'plan';
  /** Steps of the shortest supervised baseline, at least; each further one is twice as long. */
  readonly baselineSteps: number;
  /** Doublings without a higher validation AUC after which a baseline counts as trained to convergence. */
  readonly patience: number;
  /** Doublings at most. */
  readonly doublings: number;
}

export const PROTOCOL: Protocol = {
  labelledShare: 0.1,
  validation: 'own-split',
  validationShare: 0.2,
  testShare: 0.2,
  initial: 'validated',
  baselineSteps: 400,
  patience: 1,
  doublings: 4,
};

/** Everything that a reproduction is run with, apart from data and seeds. */
export interface ReproducePlan {
  readonly train: TrainConfig;
  readonly model: VitConfig;
  readonly views: ViewConfig;
  readonly protocol: Protocol;
}

/**
 * The settings for images of a size, with the changes of a plan file: an object with `train` (changes of the training
 * configuration), `model`, `views` and `protocol`, each optional. `model.imageSize` follows `views.global.size`.
 *
 * A collapse is reported and does not stop: a row that went wrong is a result too.
 *
 * @param pixels side of the data set's square images
 * @throws ReproduceError `REPRODUCE.PLAN_UNKNOWN_KEY`, `REPRODUCE.PLAN_INVALID`; DistlError `DISTL.CONFIG_UNKNOWN_KEY`,
 *   `DISTL.CONFIG_INVALID`; VitError `VIT.CONFIG_INVALID` and others; ViewsError `VIEWS.CONFIG`
 */
export function parseReproducePlan(changes: unknown, pixels: number): ReproducePlan {
  const sections = { train: {}, model: {}, views: {}, protocol: {}, ...asSections(changes) };
  const small = pixels <= SMALL;
  const patch = small ? 4 : 8;
  const size = small ? Math.max(patch, Math.floor(pixels / patch) * patch) : 64;
  const views = mergeKnown(viewsOf(size, patch), sections.views, 'views');
  checkViewConfig(views);
  const model = mergeKnown(modelOf(views.global.size, patch), sections.model, 'model');
  const protocol = mergeKnown(PROTOCOL, sections.protocol, 'protocol');
  checkProtocol(protocol);
  return {
    train: parseTrainConfig('recommended', { batch: 32, onCollapse: 'report', ...asObject(sections.train, 'train') }),
    model: parseVitConfig(model),
    views,
    protocol,
  };
}

/** Side up to which images are used as they are, with small patches. */
const SMALL = 32;

function viewsOf(size: number, patch: number): ViewConfig {
  return {
    ...MINI_VIEWS,
    global: { ...MINI_VIEWS.global, size },
    local: { ...MINI_VIEWS.local, size: Math.max(patch, Math.round(size / 2 / patch) * patch), count: 2 },
  };
}

function modelOf(imageSize: number, patchSize: number): VitConfig {
  return {
    ...vitPreset('mini'),
    imageSize,
    patchSize,
    embedDim: 64,
    depth: 4,
    numHeads: 4,
    dinoHead: { hiddenDim: 128, bottleneckDim: 64, outDim: 256 },
  };
}

function asSections(changes: unknown): object {
  const given = asObject(changes, 'plan');
  for (const key of Object.keys(given)) {
    if (['train', 'model', 'views', 'protocol'].includes(key)) continue;
    throw new ReproduceError(
      'REPRODUCE.PLAN_UNKNOWN_KEY',
      `plan.${key}: no such setting; there are train, model, views, protocol`,
    );
  }
  return given;
}

function asObject(value: unknown, place: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ReproduceError('REPRODUCE.PLAN_INVALID', `${place}: expected an object, got ${JSON.stringify(value)}`);
}

const CHOICES = {
  initial: ['validated', 'plan'] satisfies Protocol['initial'][] as readonly string[],
  validation: ['own-split', 'labelled-share'] satisfies Protocol['validation'][] as readonly string[],
};

function checkProtocol(protocol: Protocol): void {
  const { baselineSteps, patience, doublings, initial, validation, ...shares } = protocol;
  for (const [name, value] of Object.entries({ initial, validation })) {
    const choices = CHOICES[name as keyof typeof CHOICES];
    if (choices.includes(value)) continue;
    throw new ReproduceError(
      'REPRODUCE.PLAN_INVALID',
      `protocol.${name}: expected ${choices.join(' or ')}, got ${value}`,
    );
  }
  for (const [name, value] of Object.entries(shares)) {
    if (!(value > 0 && value < 1)) {
      throw new ReproduceError(
        'REPRODUCE.PLAN_INVALID',
        `protocol.${name}: expected more than 0, less than 1, got ${value}`,
      );
    }
  }
  for (const [name, value] of Object.entries({ baselineSteps, patience, doublings })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new ReproduceError(
        'REPRODUCE.PLAN_INVALID',
        `protocol.${name}: expected a whole number from 1, got ${value}`,
      );
    }
  }
}
