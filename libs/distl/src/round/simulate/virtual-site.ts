import { parseSiteId, type SiteId } from '@fedistl/core';
import { type DataSet, type ImageFilter, type ImageSelection, type PixelSource } from '@fedistl/imaging';
import { configHash } from '../../config/parse-train-config';
import { type HoldOut, type JudgedImages } from '../hold-out';
import { type RoundImages } from '../round-images';
import { type SiteShare } from './partition';

/** A part of a data set that acts as a hospital. */
export class VirtualSite {
  readonly siteId: SiteId;

  constructor(
    private readonly dataSet: DataSet,
    private readonly share: SiteShare,
    readonly holdsLabels: boolean,
  ) {
    this.siteId = parseSiteId(share.name);
  }

  /** What it trains on in a generation. Images of the labelled set whose labels it does not have arrive with fold 1. */
  roundImages(generation: number): RoundImages {
    const folds = Array.from({ length: generation }, (_, i) => i + 1);
    const labelled = this.#part({ split: 'train', fold: this.holdsLabels ? 0 : [], label: 'known' });
    const unlabelled = this.#part({
      split: 'train',
      fold: this.holdsLabels || generation === 0 ? folds : [0, ...folds],
    });
    return {
      identity: configHash({ labelled: labelled.names, labels: labelled.labels, unlabelled: unlabelled.names }),
      labelled: labelled.pixels,
      labels: labelled.labels,
      unlabelled: unlabelled.pixels,
    };
  }

  /** Its labelled images of the test split. */
  holdOut(): HoldOut {
    const test = this.#judged({ split: 'test', label: 'known' });
    const patients = new Set(test.patients).size;
    if (!this.holdsLabels) return { images: test, patients, tuning: null };
    const tuning = this.#judged({ split: 'train', fold: 0, label: 'known' });
    const canTune = new Set(tuning.labels).size === 2;
    return { images: test, patients, tuning: canTune ? { ...tuning, purpose: 'training' } : null };
  }

  #judged(filter: ImageFilter): JudgedImages & { readonly labels: number[]; readonly patients: string[] } {
    const { pixels, labels, patients } = this.#part(filter);
    return { name: `${this.siteId}, split ${String(filter.split)}`, pixels, labels, patients };
  }

  #part(filter: ImageFilter): SitePart {
    const all = this.dataSet.select(filter);
    const indices = all.items.flatMap(({ id }, index) => (this.share.ids.has(id) ? [index] : []));
    const items = indices.map((index) => all.item(index));
    return {
      pixels: somePixels(all, indices),
      names: items.map(({ contentSha256 }) => contentSha256),
      labels: items.map(({ label }) => label ?? -1),
      patients: items.map(({ id, patient }) => patient ?? `image ${id}`),
    };
  }
}

interface SitePart {
  readonly pixels: PixelSource;
  readonly names: string[];
  readonly labels: number[];
  readonly patients: string[];
}

function somePixels(selection: ImageSelection, indices: readonly number[]): PixelSource {
  const all = selection.viewSource();
  const at = (index: number): number => indices[index] ?? -1;
  return {
    ...all,
    count: indices.length,
    id: (index) => all.id(at(index)),
    read: (index, out) => all.read(at(index), out),
  };
}
