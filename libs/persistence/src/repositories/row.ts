import { type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';

/** The columns of an entity as a plain object: what repositories take and give. */
export type Row<T> = { [K in keyof T]: T[K] };

/** Adds a row. */
export async function insertRow<T extends ObjectLiteral>(
  manager: EntityManager,
  target: EntityTarget<T>,
  row: Row<T>,
): Promise<void> {
  await manager.insert(target, row);
}

/** Adds a row unless one with the same key is there, which stays as it is. */
export async function insertRowOnce<T extends ObjectLiteral>(
  manager: EntityManager,
  target: EntityTarget<T>,
  row: Row<T>,
): Promise<void> {
  await manager.createQueryBuilder().insert().into(target).values(row).orIgnore().execute();
}
