import { tf } from '../tf';
import { matMul } from './matmul';
import { withGradient } from './with-gradient';

/**
 * Multi-head scaled dot-product self-attention (Vaswani et al., arXiv 1706.03762, Eq. 1).
 *
 * @param qkv [B, N, 3·D]: queries, keys, values; within each, head-major
 * @param heads H, divides D
 * @returns [B, N, D], heads side by side
 */
export function selfAttention(qkv: tf.Tensor, heads: number): tf.Tensor {
  const [batch, tokens, triple] = qkv.shape as [number, number, number];
  const width = triple / 3 / heads;
  const scale = 1 / Math.sqrt(width);
  return withGradient(
    {
      forward: (input: tf.Tensor) => {
        const [q, k, v] = splitHeads(input, heads);
        const probabilities = tf.softmax(tf.mul(matMul(q, k, false, true), scale)); // [B, H, N, N]
        const mixed = matMul(probabilities, v); // [B, H, N, W]
        return { value: mergeHeads(mixed), saved: [q, k, v, probabilities, mixed] };
      },
      backward: (dy, q, k, v, probabilities, mixed) => {
        const dMixed = tf.transpose(tf.reshape(dy, [batch, tokens, heads, width]), [0, 2, 1, 3]); // [B, H, N, W]
        const dValues = matMul(probabilities, dMixed, true);
        // Σ_j P_ij dP_ij = dO_i · O_i (Dao et al., arXiv 2205.14135, Eq. 4): a sum over W instead of over N.
        const rowSums = tf.sum(tf.mul(dMixed, mixed), -1, true); // [B, H, N, 1]
        const dScores = tf.mul(tf.sub(matMul(dMixed, v, false, true), rowSums), probabilities);
        const dQueries = tf.mul(matMul(dScores, k), scale);
        const dKeys = tf.mul(matMul(dScores, q, true), scale);
        const stacked = tf.stack([dQueries, dKeys, dValues]); // [3, B, H, N, W]
        return [tf.reshape(tf.transpose(stacked, [1, 3, 0, 2, 4]), [batch, tokens, triple])];
      },
    },
    qkv,
  );
}

/**
 * The attention matrix of `selfAttention`, for maps. Forward only in practice; differentiable by TensorFlow.js.
 *
 * @param qkv [B, N, 3·D]
 * @returns [B, H, N, N], rows sum to 1
 */
export function attentionProbabilities(qkv: tf.Tensor, heads: number): tf.Tensor {
  const [q, k] = splitHeads(qkv, heads);
  return tf.softmax(tf.mul(matMul(q, k, false, true), 1 / Math.sqrt(q.shape[3] ?? 1)));
}

/** [B, N, 3·D] -> three tensors [B, H, N, W]. */
function splitHeads(qkv: tf.Tensor, heads: number): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const [batch, tokens, triple] = qkv.shape as [number, number, number];
  const split = tf.reshape(qkv, [batch, tokens, 3, heads, triple / 3 / heads]);
  return tf.unstack(tf.transpose(split, [2, 0, 3, 1, 4])) as [tf.Tensor, tf.Tensor, tf.Tensor];
}

/** [B, H, N, W] -> [B, N, H·W]. */
function mergeHeads(x: tf.Tensor): tf.Tensor {
  const [batch, heads, tokens, width] = x.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * width]);
}
