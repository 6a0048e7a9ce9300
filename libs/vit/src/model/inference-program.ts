import { type Program, type TensorSpec } from '@fedistl/compute';
import { type VitConfig } from '../config/vit-config';
import { vitParameters } from '../parameters/parameter-list';
import { backboneFeatures, featuresWithAttention } from './backbone';
import { classHead } from './heads';

export interface InferenceOptions {
  readonly batch: number;
  /** Sides of the images in pixels; the base size when absent. */
  readonly height?: number;
  readonly width?: number;
  /** Whether the last layer's attention is an output too. */
  readonly attention?: boolean;
}

/** The parameters that inference reads: backbone and class head, as state specs of a program. */
export function inferenceState(config: VitConfig): readonly TensorSpec[] {
  return vitParameters(config)
    .filter(({ name }) => !name.startsWith('head.'))
    .map(({ name, shape }) => ({ name, shape }));
}

/**
 * The network as a program that any engine runs and that can be exported: input `images` [B, C, H, W], outputs `logits`
 * [B, findings], `features` [B, D] and, when asked for, `attention` [B, heads, N, N].
 */
export function inferenceProgram(config: VitConfig, options: InferenceOptions): Program {
  const { batch, height = config.imageSize, width = config.imageSize, attention = false } = options;
  return {
    name: 'vit-inference',
    inputs: [{ name: 'images', shape: [batch, config.inChannels, height, width] }],
    state: inferenceState(config).map(({ name }) => name),
    body: (inputs, parameters) => {
      const images = inputs.get('images');
      if (!attention) {
        const features = backboneFeatures(parameters, config, images);
        return { outputs: { logits: classHead(parameters, features), features } };
      }
      const both = featuresWithAttention(parameters, config, images);
      return { outputs: { logits: classHead(parameters, both.features), ...both } };
    },
  };
}
