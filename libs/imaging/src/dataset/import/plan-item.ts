import { labelDigest } from '../labels/image-labels';
import { isPassingFailure } from '../quarantine';
import { type SiteKey } from '../site-key';
import { type SourceItem } from '../source/source-item';
import { type CacheTable } from '../store/cache-table';
import { type FileIdentity, type ImageTable, type KnownImage } from '../store/image-table';

/** What has to be done with an item. */
export interface ItemPlan {
  readonly action: 'unchanged' | 'relabel' | 'prepare';
  readonly file: FileIdentity;
  readonly known: KnownImage | null;
  /** Digest of the labels that the source gives; null when it gives none. */
  readonly digest: string | null;
  /** Pseudonym of the patient whom the labels name. */
  readonly patient: string | null;
}

export interface PlanContext {
  readonly images: ImageTable;
  readonly caches: CacheTable;
  readonly cacheId: number;
  readonly siteKey: SiteKey;
  readonly retry: boolean;
}

/** Compares an item with what the index knows, without opening the file. */
export function planItem(item: SourceItem, context: PlanContext): ItemPlan {
  const { siteKey } = context;
  const file: FileIdentity = {
    locator: siteKey.locatorTag(item.location),
    relativeLocator: siteKey.locatorTag(item.relativePath),
    fileBytes: item.fileBytes,
    fileMtimeMs: item.fileMtimeMs,
  };
  const patient = item.labels === null ? null : siteKey.patientPseudonym(item.labels.patient ?? '');
  const digest = item.labels === null ? null : labelDigest(item.labels, patient);
  const known = context.images.findByLocator(file.locator);
  return { action: actionFor(item, known, digest, context), file, known, digest, patient };
}

function actionFor(
  item: SourceItem,
  known: KnownImage | null,
  digest: string | null,
  context: PlanContext,
): ItemPlan['action'] {
  if (known === null) return 'prepare';
  if (known.fileBytes !== item.fileBytes || known.fileMtimeMs !== item.fileMtimeMs) return 'prepare';
  // A view that the labels correct can lift or bring about a quarantine.
  if (item.labels !== null && item.labels.view !== null && item.labels.view !== known.view) return 'prepare';
  const isSetAside = known.reason !== null && known.reason !== 'duplicate' && known.reason !== 'label_conflict';
  if (isSetAside ? context.retry || isPassingFailure(known.detail) : !hasPixels(known, context)) return 'prepare';
  return digest !== null && digest !== known.labelDigest ? 'relabel' : 'unchanged';
}

function hasPixels({ contentSha256 }: KnownImage, { caches, cacheId }: PlanContext): boolean {
  return contentSha256 !== null && caches.find(cacheId, contentSha256)?.isValid === true;
}
