import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A leaf of the Merkle ledger. Rows are written once. */
@Entity('ledger_entry')
export class LedgerEntryRow {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_ledger_entry' })
  index!: number;

  @Column({ type: 'bytea' })
  entry!: Buffer;
}

/** The hash of a complete subtree: node `index` of `level` covers leaves `index * 2^level` onwards. Written once. */
@Entity('ledger_node')
export class LedgerNode {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_ledger_node' })
  level!: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_ledger_node' })
  index!: number;

  @Column({ type: 'bytea' })
  hash!: Buffer;
}

/** The log's own note over the first `size` entries. */
@Entity('ledger_checkpoint')
export class LedgerCheckpoint {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_ledger_checkpoint' })
  size!: number;

  @Column({ type: 'text' })
  note!: string;
}

/** A witness's signature line under a checkpoint. */
@Entity('ledger_cosignature')
export class LedgerCosignature {
  @ForeignKey(() => LedgerCheckpoint, { name: 'fk_ledger_cosignature_checkpoint', onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_ledger_cosignature' })
  size!: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_ledger_cosignature' })
  name!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_ledger_cosignature' })
  keyId!: string;

  @Column({ type: 'text' })
  line!: string;
}
