import { createRng } from '@fedistl/core';
import { type Network } from '../network';
import { type ImageSource, type TrainingBatch, type TrainingData } from '../training-data';

/** Images of noise whose positives are brighter: batches depend on their plan alone. */
export function noiseData(network: Network, labelledCount: number, foldSizes: readonly number[]): TrainingData {
  const labels = Int8Array.from({ length: labelledCount }, (_, i) => i % 2);
  const source = (name: string, count: number, withLabels: boolean): ImageSource => ({
    count,
    async *batches(plans) {
      for (const { epoch, indices } of plans) {
        const views = (kind: string, views: number, size: number): Float32Array => {
          const length = network.model.inChannels * size * size;
          const all = new Float32Array(views * indices.length * length);
          for (let at = 0; at < views * indices.length; at++) {
            const image = indices[at % indices.length] ?? 0;
            const view = Math.floor(at / indices.length);
            const pixels = all.subarray(at * length, (at + 1) * length);
            createRng(`${name}/${epoch}/${image}/${kind}/${view}`).fillUniform(pixels);
            for (let i = 0; i < length; i++) pixels[i] = ((pixels[i] ?? 0) + (image % 2)) / 2;
          }
          return all;
        };
        const batch: TrainingBatch = {
          globals: views('global', 2, network.globalSize),
          locals: views('local', network.localViews, network.localSize),
          ...(withLabels ? { labels: Float32Array.from(indices, (i) => i % 2) } : {}),
        };
        yield await Promise.resolve(batch);
      }
    },
    close: () => Promise.resolve(),
  });
  return {
    identity: 'noise',
    labels,
    foldSizes,
    labelled: () => source('labelled', labelledCount, true),
    unlabelled: (generation) =>
      source(
        'unlabelled',
        foldSizes.slice(0, generation).reduce((sum, size) => sum + size, 0),
        false,
      ),
  };
}
