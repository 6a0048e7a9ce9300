import { createRng } from '@fedistl/core';

/**
 * Labels of which a share is wrong: that share of each class, to the nearest image, is called the other one, so that the mix
 * of classes hardly changes. With one seed, what is wrong at a lower share is wrong at a higher one too.
 *
 * @param labels 1 or 0 @param share from 0 to 1
 */
export function corruptLabels(labels: Uint8Array, share: number, seed: number): Uint8Array {
  const corrupted = labels.slice();
  for (const label of [0, 1]) {
    const members = [...labels.keys()].filter((index) => labels[index] === label);
    const order = createRng(seed).stream(`reproduce/label-noise/${label}`).permutation(members.length);
    for (const place of order.subarray(0, Math.round(share * members.length))) {
      corrupted[members[place] ?? 0] = 1 - label;
    }
  }
  return corrupted;
}
