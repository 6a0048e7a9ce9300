import { type ImageLabels, type Split } from '../labels/image-labels';
import { type QuarantineReason } from '../quarantine';
import { type IndexDatabase, type SqlRow } from './index-database';

/** Where a file was when it was last imported; hashes of it, see `SiteKey.locatorTag`. */
export interface FileIdentity {
  readonly locator: string;
  readonly relativeLocator: string;
  readonly fileBytes: number;
  readonly fileMtimeMs: number;
}

/** What decoding found; nulls where the file could not be decoded or does not say. */
export interface ImageFacts {
  readonly contentSha256: string | null;
  readonly storedSha256: string | null;
  readonly format: string | null;
  readonly transferSyntax: string | null;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly bitsStored: number | null;
  readonly photometric: string | null;
  readonly modality: string | null;
  readonly bodyPart: string | null;
  readonly view: string | null;
  readonly acquiredAt: string | null;
  readonly reason: QuarantineReason | null;
  /** Error code behind the reason. */
  readonly detail: string | null;
}

/** Labels as they are stored: with a pseudonym in place of the patient. */
export interface StoredLabels {
  readonly labels: ImageLabels | null;
  readonly digest: string | null;
  readonly patient: string | null;
  /** Fold that the operator put this import's images into. */
  readonly givenFold: number | null;
}

/** The part of a row that decides whether the image has to be looked at again. */
export interface KnownImage {
  readonly id: number;
  readonly fileBytes: number;
  readonly fileMtimeMs: number;
  readonly contentSha256: string | null;
  readonly labelDigest: string | null;
  readonly view: string | null;
  readonly reason: QuarantineReason | null;
  readonly detail: string | null;
}

/** Reads and writes rows of the `image` and `finding` tables. */
export class ImageTable {
  readonly #index: IndexDatabase;

  constructor(index: IndexDatabase) {
    this.#index = index;
  }

  findByLocator(locator: string): KnownImage | null {
    return known(this.#index.get(`${SELECT_KNOWN} WHERE locator = ?`, locator));
  }

  /** The same content under the same name elsewhere: a source that was moved. */
  findMoved(contentSha256: string, relativeLocator: string): KnownImage | null {
    return known(
      this.#index.get(
        `${SELECT_KNOWN} WHERE content_sha256 = ? AND relative_locator = ? ORDER BY id`,
        contentSha256,
        relativeLocator,
      ),
    );
  }

  /** Adds an image, or replaces what is known of image `id`; its split and fold stay. */
  save(id: number | null, file: FileIdentity, facts: ImageFacts, stored: StoredLabels): number {
    const values = [
      ...[
        file.locator,
        file.relativeLocator,
        file.fileBytes,
        file.fileMtimeMs,
        facts.contentSha256,
        facts.storedSha256,
      ],
      ...[facts.format, facts.transferSyntax, facts.rows, facts.columns, facts.bitsStored, facts.photometric],
      ...[facts.modality, facts.bodyPart, facts.view, facts.acquiredAt, facts.reason, facts.detail],
    ];
    let imageId = id;
    if (imageId === null) {
      imageId = this.#index.run(INSERT_IMAGE, ...values).id;
    } else {
      this.#index.run(UPDATE_IMAGE, ...values, imageId);
    }
    this.saveLabels(imageId, stored);
    return imageId;
  }

  /** Replaces labels, given split, patient and attributes; parts that are not said stay as they were. */
  saveLabels(id: number, { labels, digest, patient, givenFold }: StoredLabels): void {
    this.#index.run(
      'UPDATE image SET patient = coalesce(?, patient), given_fold = coalesce(?, given_fold) WHERE id = ?',
      patient,
      givenFold,
      id,
    );
    if (labels === null) return;
    this.#index.run(
      `UPDATE image SET given_split = ?, class = ?, attributes = ?, label_digest = ?,
         view = coalesce(?, view), acquired_at = coalesce(?, acquired_at) WHERE id = ?`,
      labels.split,
      labels.className,
      JSON.stringify(labels.attributes),
      digest,
      labels.view,
      labels.acquiredAt,
      id,
    );
    this.#index.run('DELETE FROM finding WHERE image_id = ?', id);
    for (const [name, value] of Object.entries(labels.findings)) {
      this.#index.run('INSERT INTO finding (image_id, name, value) VALUES (?, ?, ?)', id, name, value);
    }
  }

  setReason(id: number, reason: QuarantineReason | null): void {
    this.#index.run('UPDATE image SET reason = ? WHERE id = ?', reason, id);
  }

  setSplit(id: number, split: Split | null): void {
    this.#index.run('UPDATE image SET split = ? WHERE id = ?', split, id);
  }

  setFold(id: number, fold: number | null): void {
    this.#index.run('UPDATE image SET fold = ? WHERE id = ?', fold, id);
  }
}

const SELECT_KNOWN =
  'SELECT id, file_bytes, file_mtime_ms, content_sha256, label_digest, view, reason, detail FROM image';

const COLUMNS = [
  ...['locator', 'relative_locator', 'file_bytes', 'file_mtime_ms', 'content_sha256', 'stored_sha256'],
  ...['format', 'transfer_syntax', 'rows', 'columns', 'bits_stored', 'photometric'],
  ...['modality', 'body_part', 'view', 'acquired_at', 'reason', 'detail'],
];
const INSERT_IMAGE = `INSERT INTO image (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;
const UPDATE_IMAGE = `UPDATE image SET ${COLUMNS.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;

function known(row: SqlRow | undefined): KnownImage | null {
  if (row === undefined) return null;
  return {
    id: Number(row['id']),
    fileBytes: Number(row['file_bytes']),
    fileMtimeMs: Number(row['file_mtime_ms']),
    contentSha256: row['content_sha256'] as string | null,
    labelDigest: row['label_digest'] as string | null,
    view: row['view'] as string | null,
    reason: row['reason'] as QuarantineReason | null,
    detail: row['detail'] as string | null,
  };
}
