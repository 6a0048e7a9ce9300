import { type Grey8, type PixelSource } from '@fedistl/imaging';

/** All images of a source, in order and in the same memory: each holds until the next one is asked for. */
export async function* imagesOf(source: PixelSource): AsyncGenerator<Grey8, void, undefined> {
  const { width, height, count } = source;
  const pixels = new Uint8Array(width * height);
  for (let index = 0; index < count; index++) {
    await source.read(index, pixels);
    yield { width, height, pixels };
  }
}
