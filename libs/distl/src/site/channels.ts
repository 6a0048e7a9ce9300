/**
 * Grey images for a network of one or several equal channels, in memory of their own: the runtime takes no shared memory.
 *
 * @param grey [n, size, size]
 * @returns [n, channels, size, size]
 */
export function inChannels(grey: Float32Array, size: number, channels: number): Float32Array {
  if (channels === 1) return grey.slice();
  const length = size * size;
  const all = new Float32Array(grey.length * channels);
  for (let image = 0; image * length < grey.length; image++) {
    const pixels = grey.subarray(image * length, (image + 1) * length);
    for (let channel = 0; channel < channels; channel++) all.set(pixels, (image * channels + channel) * length);
  }
  return all;
}
