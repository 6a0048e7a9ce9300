import { type PhiloxStream } from './philox';
import { sha256Words } from './sha256';

/**
 * How seeds and names become streams (fixed: changing it changes every recorded run):
 *
 *   root(seed)           = SHA-256("fedistl/rng/v1/seed\0"   ‖ "n:" or "s:" ‖ seed as decimal digits or text)
 *   child(parent, name)  = SHA-256("fedistl/rng/v1/stream\0" ‖ parent's 4 words, big-endian ‖ name)
 *
 * in UTF-8, of which the first four 32-bit words are key0, key1, counter2, counter3. A child depends on its parent's
 * identity and never on how many numbers were drawn, so the order in which streams are made or used does not matter.
 */
function toStream(message: Uint8Array): PhiloxStream {
  const [key0 = 0, key1 = 0, counter2 = 0, counter3 = 0] = sha256Words(message);
  return { key0, key1, counter2, counter3 };
}

export function rootStream(seed: number | string): PhiloxStream {
  const tagged = typeof seed === 'number' ? `n:${String(seed)}` : `s:${seed}`;
  return toStream(new TextEncoder().encode(`fedistl/rng/v1/seed\0${tagged}`));
}

export function childStream(parent: PhiloxStream, name: string): PhiloxStream {
  const prefix = new TextEncoder().encode('fedistl/rng/v1/stream\0');
  const suffix = new TextEncoder().encode(name);
  const message = new Uint8Array(prefix.length + 16 + suffix.length);
  message.set(prefix);
  const words = new DataView(message.buffer, prefix.length, 16);
  [parent.key0, parent.key1, parent.counter2, parent.counter3].forEach((word, i) => {
    words.setUint32(4 * i, word);
  });
  message.set(suffix, prefix.length + 16);
  return toStream(message);
}
