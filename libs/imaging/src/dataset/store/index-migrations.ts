/** One step of the index's schema. Released steps are never edited: a change is a new step. */
export interface IndexMigration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Schema of the site-local index.
 *
 * No column holds a path, a name or an identifier: `locator` and `relative_locator` are keyed hashes of where a file lies,
 * `patient` is a keyed pseudonym. Pixels are in the cache files, found through `cache_record.slot`.
 */
export const INDEX_MIGRATIONS: readonly IndexMigration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE image (
        id INTEGER PRIMARY KEY,
        locator TEXT NOT NULL UNIQUE,
        relative_locator TEXT NOT NULL,
        file_bytes INTEGER NOT NULL,
        file_mtime_ms INTEGER NOT NULL,
        content_sha256 TEXT,
        stored_sha256 TEXT,
        format TEXT,
        transfer_syntax TEXT,
        rows INTEGER,
        columns INTEGER,
        bits_stored INTEGER,
        photometric TEXT,
        modality TEXT,
        body_part TEXT,
        view TEXT,
        acquired_at TEXT,
        patient TEXT,
        given_split TEXT,
        given_fold INTEGER,
        split TEXT,
        fold INTEGER,
        class TEXT,
        attributes TEXT NOT NULL DEFAULT '{}',
        label_digest TEXT,
        reason TEXT,
        detail TEXT
      );
      CREATE INDEX image_by_pixels ON image (stored_sha256, rows, columns);
      CREATE INDEX image_by_content ON image (content_sha256, relative_locator);
      CREATE TABLE finding (
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        value INTEGER NOT NULL CHECK (value IN (0, 1)),
        PRIMARY KEY (image_id, name)
      ) WITHOUT ROWID;
      CREATE INDEX finding_by_name ON finding (name, value);
      CREATE TABLE pixel_cache (
        id INTEGER PRIMARY KEY,
        spec TEXT NOT NULL UNIQUE,
        file TEXT NOT NULL UNIQUE
      );
      CREATE TABLE cache_record (
        cache_id INTEGER NOT NULL REFERENCES pixel_cache (id) ON DELETE CASCADE,
        content_sha256 TEXT NOT NULL,
        slot INTEGER NOT NULL,
        valid INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (cache_id, content_sha256)
      ) WITHOUT ROWID;
      CREATE UNIQUE INDEX cache_record_by_slot ON cache_record (cache_id, slot);
    `,
  },
];
