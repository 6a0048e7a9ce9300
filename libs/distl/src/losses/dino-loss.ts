import { tf, withGradient } from '@fedistl/compute';

export interface DinoTemperatures {
  /** τ_s, 0.1 */
  readonly student: number;
  /** τ_t, 0.04 */
  readonly teacher: number;
}

/**
 * What the teacher says of its views: `softmax((z - c)/τ_t)` (DINO, arXiv 2104.14294, Eq. 1 with centring). No gradient
 * passes: the caller hands the result to the loss as a constant.
 *
 * @param logits teacher's DINO logits, [2·B, K], view by view
 * @param centre [1, K]
 * @returns [2·B, K]
 */
export function dinoTargets(logits: tf.Tensor, centre: tf.Tensor, temperatures: DinoTemperatures): tf.Tensor {
  return tf.softmax(tf.mul(tf.sub(logits, centre), 1 / temperatures.teacher));
}

/**
 * DINO loss (arXiv 2104.14294, Eq. 3; distl.md 1.4): the mean over all pairs of a teacher view u in {v1, v2} and another
 * student view w of the batch mean of -Σ_k P_t(u)_k log P_s(w)_k.
 *
 * All pairs that share a student view share its log-softmax, so their targets are added first: one product of [V·B, K] in
 * place of 2(V - 1) of them, and the gradient is (|t|·softmax - t)/τ_s for the added target t of weight |t|.
 *
 * @param logits student's DINO logits, [V·B, K], view by view, the two global views first
 * @param targets the teacher's probabilities, [2·B, K], view by view
 * @param views V, at least 2
 * @returns scalar
 */
export function dinoLoss(logits: tf.Tensor, targets: tf.Tensor, views: number, studentTemperature: number): tf.Tensor {
  const [rows, prototypes] = logits.shape as [number, number];
  const batch = rows / views;
  const factor = 1 / (batch * 2 * (views - 1));
  const [first, second] = tf.split(targets, 2) as [tf.Tensor, tf.Tensor];
  const local = views - 2;
  const both = local === 0 ? [] : [tf.tile(tf.add(first, second), [local, 1])];
  // v1 is compared with the teacher's v2, v2 with its v1, every local view with both.
  const combined = tf.concat([second, first, ...both]); // [V·B, K]
  const weights = tf.concat([tf.ones([2 * batch, 1]), tf.fill([local * batch, 1], 2)]); // Σ_k of each row
  return withGradient(
    {
      forward: (z: tf.Tensor) => {
        const logProbabilities = tf.logSoftmax(tf.mul(z, 1 / studentTemperature));
        const value = tf.mul(tf.sum(tf.mul(combined, logProbabilities)), -factor);
        return { value, saved: [logProbabilities, combined, weights] };
      },
      backward: (dy, logProbabilities, target, weight) => {
        const difference = tf.sub(tf.mul(tf.exp(logProbabilities), weight), target);
        return [tf.mul(difference, tf.mul(dy, factor / studentTemperature))];
      },
    },
    tf.reshape(logits, [rows, prototypes]),
  );
}

/**
 * Next centre: `m·c + (1 - m)·mean(z_t)` over all teacher rows (distl.md 1.4). The loss of a step uses the centre from
 * before its update.
 *
 * @param centre [1, K]
 * @param logits teacher's DINO logits, [2·B, K]
 * @param momentum 0.9
 * @returns [1, K]
 */
export function nextCentre(centre: tf.Tensor, logits: tf.Tensor, momentum: number): tf.Tensor {
  return tf.add(tf.mul(centre, momentum), tf.mul(tf.mean(logits, 0, true), 1 - momentum));
}
