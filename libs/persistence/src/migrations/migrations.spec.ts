import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataSource } from '../database/open-database';
import { canRunPostgres, openTestDatabase, type TestDatabase } from '../testing';
import { migrations } from './index';

interface Statement {
  readonly query: string;
}

/** Source of a migration file; read it before you commit it, and list it in `index.ts`. */
function migrationSource(
  name: string,
  timestamp: number,
  up: readonly Statement[],
  down: readonly Statement[],
): string {
  const className = name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const lines = (statements: readonly Statement[]) =>
    statements.map(({ query }) => `    await runner.query(\`${query}\`);`).join('\n');
  return `import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class ${className}${timestamp} implements MigrationInterface {
  readonly name = '${className}${timestamp}';

  async up(runner: QueryRunner): Promise<void> {
${lines(up)}
  }

  async down(runner: QueryRunner): Promise<void> {
${lines([...down].reverse())}
  }
}
`;
}

(canRunPostgres() ? describe : describe.skip)('migrations', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  }, 120_000);
  afterAll(() => test.dispose());

  const tables = async (): Promise<string[]> => {
    const rows: { name: string }[] = await test.database.source.query(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('leave no difference between tables and entities', async () => {
    const { upQueries, downQueries } = await test.database.source.driver.createSchemaBuilder().log();
    const name = process.env['WRITE_MIGRATION'];
    if (name !== undefined && upQueries.length > 0) {
      const timestamp = Date.now();
      const file = join(__dirname, `${timestamp}-${name}.ts`);
      await writeFile(file, migrationSource(name, timestamp, upQueries, downQueries));
    }
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('grow in time only, and name every constraint', async () => {
    const stamps = migrations.map((migration) => Number(/\d{13}$/.exec(migration.name)?.[0]));
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
    const rows: { conname: string }[] = await test.database.source.query(
      `SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
       JOIN pg_namespace n ON n.oid = t.relnamespace
       WHERE n.nspname = 'public' AND t.relname <> 'migration' AND c.contype <> 'n'`,
    );
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.map(({ conname }) => conname).filter((name) => !/^(?:pk|fk|uq|ck)_[a-z_]+$/.test(name))).toEqual([]);
  });

  it('go all the way down and up again', async () => {
    const before = await tables();
    expect(before.length).toBeGreaterThan(15);
    const source = await createDataSource(test.url).initialize();
    try {
      for (let left = migrations.length; left > 0; left--) await source.undoLastMigration();
      expect(await tables()).toEqual([]);
      await source.runMigrations();
    } finally {
      await source.destroy();
    }
    expect(await tables()).toEqual(before);
  });
});
