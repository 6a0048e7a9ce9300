import { hashArray, hashFile } from '../content-hash';
import { type SiteKey } from '../site-key';
import { openSource } from '../source/open-source';
import { type SourceItem } from '../source/source-item';
import { ImageTable } from '../store/image-table';
import { type IndexDatabase } from '../store/index-database';

/** How the images of a source compare with what was imported. */
export interface SourceCheck {
  /** The same bytes as at import. */
  readonly same: number;
  /** Other bytes under the same path. */
  readonly changed: number;
  /** In the source, not in the set. */
  readonly notImported: number;
  /** In the set, but not in this source: removed, or imported from elsewhere. */
  readonly notInSource: number;
}

/** Hashes every file of `source` again. */
export async function checkSource(source: string, index: IndexDatabase, siteKey: SiteKey): Promise<SourceCheck> {
  const images = new ImageTable(index);
  const counts = { same: 0, changed: 0, notImported: 0 };
  const opened = await openSource(source, { labels: null, positive: null, keep: [] });
  for await (const item of opened.items()) {
    const known = images.findByLocator(siteKey.locatorTag(item.location));
    if (known === null) counts.notImported += 1;
    else if (known.contentSha256 === (await contentHash(item))) counts.same += 1;
    else counts.changed += 1;
  }
  const found = Number(index.get('SELECT count(*) AS n FROM image')?.['n']);
  return { ...counts, notInSource: found - counts.same - counts.changed };
}

function contentHash({ pixels }: SourceItem): Promise<string | null> | string | null {
  switch (pixels.kind) {
    case 'missing':
      return null;
    case 'array':
      return hashArray(pixels.array).contentSha256;
    case 'file':
      return hashFile(pixels.path);
  }
}
