import { linear, tf } from '@fedistl/compute';
import { type VitConfig } from '../config/vit-config';
import { VitError } from '../vit.errors';
import { type ParameterTensors, parameterOf } from './network-parameters';
import { interpolatePositions, type PatchGrid } from './position-embedding';

/**
 * The patch grid of a batch of images.
 *
 * @param images [B, C, H, W]
 * @throws VitError `VIT.INPUT_SHAPE` for another rank or channel count, `VIT.INPUT_SIZE` when the patch does not divide H or W
 */
export function patchGridOf(images: tf.Tensor, config: VitConfig): PatchGrid {
  const { shape } = images;
  const [, channels, height, width] = shape;
  if (shape.length !== 4 || channels !== config.inChannels || height === undefined || width === undefined) {
    throw new VitError(
      'VIT.INPUT_SHAPE',
      `expected images [batch, ${config.inChannels}, height, width], got [${shape.join(', ')}]`,
      { details: { shape } },
    );
  }
  const { patchSize } = config;
  if (height < patchSize || width < patchSize || height % patchSize !== 0 || width % patchSize !== 0) {
    throw new VitError(
      'VIT.INPUT_SIZE',
      `expected image sides that are multiples of the ${patchSize} px patch, got ${height} x ${width}`,
      { details: { height, width, patchSize } },
    );
  }
  return { rows: height / patchSize, columns: width / patchSize };
}

/**
 * Images to tokens: patches through one linear layer (the strided convolution of the papers, written as a matrix product
 * because the filter gradient of a convolution is missing on some engines), class token in front, positions added.
 *
 * @param images [B, C, H, W], values as the model was trained on (DISTL: grey level / 255)
 * @returns [B, 1 + rows * columns, D]
 */
export function embedPatches(parameters: ParameterTensors, config: VitConfig, images: tf.Tensor): tf.Tensor {
  const grid = patchGridOf(images, config);
  const { embedDim, patchSize, inChannels, imageSize } = config;
  const batch = images.shape[0];
  const kernel = tf.reshape(parameterOf(parameters, 'backbone.patch_embed.proj.weight'), [
    embedDim,
    inChannels * patchSize * patchSize,
  ]);
  const patches = linear(
    cutPatches(images, grid, patchSize),
    kernel,
    parameterOf(parameters, 'backbone.patch_embed.proj.bias'),
  ); // [B, rows * columns, D]
  const classToken = tf.tile(parameterOf(parameters, 'backbone.cls_token'), [batch, 1, 1]); // [B, 1, D]
  const positions = parameterOf(parameters, 'backbone.pos_embed');
  return tf.add(tf.concat([classToken, patches], 1), interpolatePositions(positions, imageSize / patchSize, grid));
}

/** [B, C, H, W] -> [B, rows * columns, C * p * p], each patch in the (channel, row, column) order of a convolution kernel. */
function cutPatches(images: tf.Tensor, { rows, columns }: PatchGrid, p: number): tf.Tensor {
  const [batch, channels] = images.shape as [number, number, number, number];
  // One channel needs one axis less; some engines handle five axes faster than six.
  const cut =
    channels === 1
      ? tf.transpose(tf.reshape(images, [batch, rows, p, columns, p]), [0, 1, 3, 2, 4])
      : tf.transpose(tf.reshape(images, [batch, channels, rows, p, columns, p]), [0, 2, 4, 1, 3, 5]);
  return tf.reshape(cut, [batch, rows * columns, channels * p * p]);
}
