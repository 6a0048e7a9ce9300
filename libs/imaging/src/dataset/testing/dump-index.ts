import { IndexDatabase, type SqlRow } from '../store/index-database';

/** Everything that an index holds, in a fixed order: two indexes are equal when their dumps are. */
export function dumpIndex(file: string): Record<string, SqlRow[]> {
  const index = IndexDatabase.open(file);
  try {
    const all = (table: string, order: string): SqlRow[] =>
      index.all(`SELECT * FROM ${table} ORDER BY ${order}`).map((row) => Object.fromEntries(Object.entries(row)));
    return {
      setting: all('setting', 'key'),
      image: all('image', 'id'),
      finding: all('finding', 'image_id, name'),
      pixelCache: all('pixel_cache', 'id'),
      cacheRecord: all('cache_record', 'cache_id, slot'),
    };
  } finally {
    index.close();
  }
}
