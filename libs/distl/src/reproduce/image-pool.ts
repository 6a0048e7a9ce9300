import { type DataSet, type DataSetItem, type PixelSource } from '@fedistl/imaging';

/** Any images of a data set, in the order given. */
export class ImagePool {
  readonly #pixels: PixelSource;
  readonly #places: ReadonlyMap<number, number>;

  constructor(dataSet: DataSet) {
    const all = dataSet.select({});
    this.#pixels = all.viewSource();
    this.#places = new Map(all.items.map(({ id }, place) => [id, place]));
  }

  /** Pixels of some of the images. */
  source(items: readonly DataSetItem[]): PixelSource {
    const places = Uint32Array.from(items, ({ id }) => this.#places.get(id) ?? 0xffff_ffff);
    const place = (index: number): number => places[index] ?? 0xffff_ffff;
    return {
      width: this.#pixels.width,
      height: this.#pixels.height,
      count: places.length,
      id: (index) => this.#pixels.id(place(index)),
      read: (index, out) => this.#pixels.read(place(index), out),
    };
  }
}
