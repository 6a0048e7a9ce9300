import { type PixelSpec } from '../cache/pixel-spec';
import { type QuarantineRules } from '../quarantine';
import { type SiteKey } from '../site-key';
import { type ImageSource, type SourceItem } from '../source/source-item';
import { type StoredLabels } from '../store/image-table';
import { type BatchTarget, commitBatch, type PendingChange } from './import-batch';
import { type ImportOptions } from './import-options';
import { mapOrdered } from './map-ordered';
import { type ItemPlan, planItem } from './plan-item';
import { type PreparedImage, prepareImage } from './prepare-image';
import { type RadiographReader } from './radiograph-reader';

/** What a crash can cost at most: this many images, or this long. */
const DEFAULT_BATCH_IMAGES = 256;
const LONGEST_BATCH_MS = 5000;

/** What happened to the items of one import. */
export interface ItemCounts {
  /** Images decoded that the set did not have. */
  readonly added: number;
  /** Known images decoded again: changed, retried, or with lost or new kinds of pixels. */
  readonly renewed: number;
  readonly relabelled: number;
  readonly unchanged: number;
}

export interface ImportContext extends BatchTarget {
  readonly siteKey: SiteKey;
  readonly reader: RadiographReader;
  readonly rules: QuarantineRules;
  readonly spec: PixelSpec;
  /** Collects paths for the operator's report; null when none was asked for. */
  readonly seen: Map<string, string> | null;
  readonly options: ImportOptions;
}

interface Handled {
  readonly item: SourceItem;
  readonly plan: ItemPlan;
  readonly prepared: PreparedImage | null;
}

/** Runs all items of a source through plan, decoding and commit, in the source's order. */
export async function importItems(source: ImageSource, context: ImportContext): Promise<ItemCounts> {
  const { options, spec, rules, reader } = context;
  const batchImages = options.batchImages ?? DEFAULT_BATCH_IMAGES;
  const counts = { added: 0, renewed: 0, relabelled: 0, unchanged: 0 };
  let [done, quarantined] = [0, 0];
  let pending: PendingChange[] = [];
  let committedAt = Date.now();
  const handle = async (item: SourceItem): Promise<Handled> => {
    const plan = planItem(item, { ...context, retry: options.retry ?? false });
    return {
      item,
      plan,
      prepared: plan.action === 'prepare' ? await prepareImage(item, { spec, rules, reader }) : null,
    };
  };
  for await (const handled of mapOrdered(source.items(), reader.concurrency, handle)) {
    const id = knownId(handled, context);
    const change = changeOf(handled, id, context);
    counts[outcomeOf(handled, id)] += 1;
    if ((handled.prepared?.facts.reason ?? null) !== null) quarantined += 1;
    context.seen?.set(handled.plan.file.locator, handled.item.relativePath);
    done += 1;
    if (change !== null) pending.push(change);
    if (pending.length >= batchImages || Date.now() - committedAt > LONGEST_BATCH_MS) {
      commitBatch(context, pending);
      pending = [];
      committedAt = Date.now();
    }
    options.onProgress?.({ done, total: source.count, quarantined, unchanged: counts.unchanged });
  }
  commitBatch(context, pending);
  return counts;
}

function outcomeOf({ plan, prepared }: Handled, id: number | null): keyof ItemCounts {
  if (prepared !== null) return id === null ? 'added' : 'renewed';
  return plan.action === 'relabel' ? 'relabelled' : 'unchanged';
}

/** The row of an image that the set has: under this path, or under another when the source was moved. */
function knownId({ plan, prepared }: Handled, { images }: ImportContext): number | null {
  const content = prepared?.facts.contentSha256 ?? null;
  if (plan.known !== null || content === null) return plan.known?.id ?? null;
  return images.findMoved(content, plan.file.relativeLocator)?.id ?? null;
}

function changeOf(
  { item, plan, prepared }: Handled,
  id: number | null,
  { siteKey, options }: ImportContext,
): PendingChange | null {
  if (prepared === null) {
    if (plan.action !== 'relabel' || id === null) return null;
    return { kind: 'relabel', id, stored: storedLabels(item, plan, plan.patient, null) };
  }
  const fromHeader = prepared.headerPatient === null ? null : siteKey.patientPseudonym(prepared.headerPatient);
  const stored = storedLabels(item, plan, plan.patient ?? fromHeader, id === null ? (options.fold ?? null) : null);
  return { kind: 'save', id, file: plan.file, facts: prepared.facts, stored, pixels: prepared.pixels };
}

function storedLabels(
  item: SourceItem,
  plan: ItemPlan,
  patient: string | null,
  givenFold: number | null,
): StoredLabels {
  return { labels: item.labels, digest: plan.digest, patient, givenFold };
}
