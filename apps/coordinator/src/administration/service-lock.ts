import { setTimeout as delay } from 'node:timers/promises';
import { type Database } from '@fedistl/persistence';
import { type QueryRunner } from 'typeorm';

/** An arbitrary number that is ours; migrations, first token and ledger have 5151001 to 5151003. */
const serviceLock = 5_151_010;

/**
 * Holds the database as its service for as long as this process lives: an advisory lock of a connection of its own, which
 * PostgreSQL lets go when the process dies, however it does. One that was killed a moment ago may hold it a moment longer.
 *
 * @param patienceMs how long to wait for another to let go
 * @returns gives it back; undefined when another process holds it
 */
export async function holdAsService(database: Database, patienceMs = 0): Promise<(() => Promise<void>) | undefined> {
  const runner = database.source.createQueryRunner();
  try {
    for (const end = Date.now() + patienceMs; ;) {
      const rows = (await runner.query('SELECT pg_try_advisory_lock($1) AS "held"', [serviceLock])) as {
        held: boolean;
      }[];
      if (rows[0]?.held === true) return () => letGo(runner);
      if (Date.now() >= end) break;
      await delay(200);
    }
  } catch (error) {
    await runner.release();
    throw error;
  }
  await runner.release();
  return undefined;
}

async function letGo(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('SELECT pg_advisory_unlock($1)', [serviceLock]);
  } catch {
    // The connection broke, and the lock went with it.
  } finally {
    await runner.release();
  }
}
