import {
  formatSignatureLine,
  type LedgerAppend,
  LedgerError,
  LedgerStore,
  type NoteSignature,
  type StoredCheckpoint,
  type TreeNode,
} from '@fedistl/crypto';
import { Between, type EntityManager } from 'typeorm';
import { LedgerCheckpoint, LedgerCosignature, LedgerEntryRow, LedgerNode } from '../entities/ledger.entities';

/** Entries read at a time. */
const pageLength = 500;

/** Appends go one after another, over all processes; an arbitrary number that is ours. */
const appendLock = 5_151_003;

/** The Merkle ledger in PostgreSQL. On a transaction's manager, an append is part of that transaction. */
export class PostgresLedgerStore extends LedgerStore {
  constructor(private readonly manager: EntityManager) {
    super();
  }

  /**
   * Waits until no other transaction appends, and keeps others waiting until this one ends. Call it in a transaction before
   * `Ledger.append`, which then meets no conflict. Take it last, after every row lock.
   */
  async lock(): Promise<void> {
    await this.manager.query('SELECT pg_advisory_xact_lock($1)', [appendLock]);
  }

  override async size(): Promise<number> {
    const rows: { size: number }[] = await this.manager.query(
      'SELECT coalesce(max("index") + 1, 0) AS "size" FROM "ledger_entry"',
    );
    return rows[0]?.size ?? 0;
  }

  override async append({ firstIndex, entries, nodes }: LedgerAppend): Promise<void> {
    await this.manager.transaction(async (manager) => {
      const store = new PostgresLedgerStore(manager);
      await store.lock();
      const size = await store.size();
      if (size !== firstIndex) {
        throw new LedgerError('LEDGER.CONFLICT', `expected a ledger of ${firstIndex} entries, got one of ${size}`);
      }
      if (entries.length === 0) return;
      await manager.insert(
        LedgerEntryRow,
        entries.map((entry, i) => ({ index: firstIndex + i, entry: Buffer.from(entry) })),
      );
      await manager.insert(
        LedgerNode,
        nodes.map(({ level, index, hash }) => ({ level, index, hash: Buffer.from(hash) })),
      );
    });
  }

  override async nodes(nodes: readonly TreeNode[]): Promise<Uint8Array[]> {
    if (nodes.length === 0) return [];
    const rows: { hash: Buffer | null }[] = await this.manager.query(
      `SELECT n."hash" FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS wanted("level", "index", "place")
       LEFT JOIN "ledger_node" n ON n."level" = wanted."level" AND n."index" = wanted."index" ORDER BY wanted."place"`,
      [nodes.map(({ level }) => level), nodes.map(({ index }) => index)],
    );
    return rows.map(({ hash }, i) => {
      if (hash !== null) return Uint8Array.from(hash);
      const { level = 0, index = 0 } = nodes[i] ?? {};
      const message = `expected the hash of node ${index} on level ${level}, got none`;
      throw new LedgerError('LEDGER.MISSING_NODE', message, { details: { level, index } });
    });
  }

  override async *entries(begin: number, end: number): AsyncGenerator<Uint8Array> {
    for (let from = begin; from < end; from += pageLength) {
      const where = { index: Between(from, Math.min(from + pageLength, end) - 1) };
      const rows = await this.manager.find(LedgerEntryRow, { where, order: { index: 'ASC' } });
      for (const { entry } of rows) yield Uint8Array.from(entry);
      if (rows.length < pageLength) return;
    }
  }

  override async saveCheckpoint(size: number, note: string): Promise<void> {
    await this.manager.createQueryBuilder().insert().into(LedgerCheckpoint).values({ size, note }).orIgnore().execute();
    const stored = await this.manager.findOneBy(LedgerCheckpoint, { size });
    if (stored?.note === note) return;
    const message = `expected one checkpoint of ${size} entries, got a second that differs`;
    throw new LedgerError('LEDGER.CONFLICT', message, { details: { size } });
  }

  override async saveCosignature(size: number, cosignature: NoteSignature): Promise<void> {
    if (!(await this.manager.existsBy(LedgerCheckpoint, { size }))) {
      const message = `expected a checkpoint of ${size} entries, got none`;
      throw new LedgerError('LEDGER.NO_CHECKPOINT', message, { details: { size } });
    }
    const { name, id: keyId } = cosignature;
    const row = { size, name, keyId, line: formatSignatureLine(cosignature) };
    await this.manager.upsert(LedgerCosignature, row, ['size', 'name', 'keyId']);
  }

  override async *checkpoints(): AsyncGenerator<StoredCheckpoint> {
    const rows = await this.manager.find(LedgerCheckpoint, { select: { size: true }, order: { size: 'ASC' } });
    for (const { size } of rows) {
      const stored = await this.checkpoint(size);
      if (stored !== undefined) yield stored;
    }
  }

  override async checkpoint(size: number): Promise<StoredCheckpoint | undefined> {
    const stored = await this.manager.findOneBy(LedgerCheckpoint, { size });
    if (stored === null) return undefined;
    const lines = await this.manager.find(LedgerCosignature, { where: { size }, order: { name: 'ASC', keyId: 'ASC' } });
    return { size, note: stored.note, cosignatures: lines.map(({ line }) => line) };
  }

  override async latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    const [latest] = await this.manager.find(LedgerCheckpoint, { order: { size: 'DESC' }, take: 1 });
    return latest === undefined ? undefined : this.checkpoint(latest.size);
  }
}
