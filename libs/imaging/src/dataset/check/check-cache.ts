import { statSync } from 'node:fs';
import path from 'node:path';

import { recordOffset } from '../cache/pixel-cache-format';
import { PixelCacheReader } from '../cache/pixel-cache-reader';
import { pixelSpecText } from '../cache/pixel-spec';
import { DatasetError } from '../dataset.errors';
import { type CacheEntry, type CacheTable } from '../store/cache-table';

/** A record that cannot be used, with the reason in words. */
export interface DamagedRecord {
  readonly slot: number;
  readonly fault: string;
}

export interface CacheCheck {
  readonly spec: string;
  readonly records: number;
  readonly damaged: readonly DamagedRecord[];
  /** Records that an interrupted import left behind the last committed one; harmless. */
  readonly trailingBytes: number;
  /** Set when the file as a whole cannot be used. */
  readonly fault: string | null;
}

/** Verifies every record of a cache file against its checksum and the index. */
export function checkCache(directory: string, entry: CacheEntry, table: CacheTable): CacheCheck {
  const records = table.records(entry.id);
  const spec = pixelSpecText(entry.spec);
  const file = path.join(directory, entry.file);
  let reader: PixelCacheReader;
  try {
    reader = PixelCacheReader.open(file);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    const damaged = records.map(({ slot }) => ({ slot, fault: 'is in a file that cannot be read' }));
    return { spec, records: records.length, damaged, trailingBytes: 0, fault: error.message };
  }
  try {
    const damaged: DamagedRecord[] = [];
    for (const record of records) {
      const fault = record.isValid ? reader.fault(record) : 'was found damaged before and waits to be written again';
      if (fault !== null) damaged.push({ slot: record.slot, fault });
    }
    const end = recordOffset(entry.spec, (records.at(-1)?.slot ?? -1) + 1);
    return {
      spec,
      records: records.length,
      damaged,
      trailingBytes: Math.max(0, statSync(file).size - end),
      fault: null,
    };
  } finally {
    reader.close();
  }
}
