import { statSync } from 'node:fs';
import path from 'node:path';
import { SampleFolder } from '../testing/sample-images';
import { IndexDatabase } from './index-database';
import { INDEX_MIGRATIONS } from './index-migrations';

describe('IndexDatabase', () => {
  const folder = new SampleFolder();
  afterAll(() => {
    folder.remove();
  });

  it('numbers its migrations from 1 without gaps', () => {
    expect(INDEX_MIGRATIONS.map(({ version }) => version)).toEqual(INDEX_MIGRATIONS.map((_, at) => at + 1));
  });

  it('applies only the steps that a file lacks, and keeps what is in it', () => {
    const file = folder.path('grow.db');
    const first = { version: 1, sql: 'CREATE TABLE a (x INTEGER)' };
    const old = IndexDatabase.open(file, [first]);
    old.run('INSERT INTO a (x) VALUES (?)', 7);
    old.close();
    const grown = IndexDatabase.open(file, [first, { version: 2, sql: 'ALTER TABLE a ADD COLUMN y TEXT' }]);
    expect(grown.get('SELECT x, y FROM a')).toMatchObject({ x: 7, y: null });
    grown.close();
  });

  it('is readable by its owner only, with the files beside it', () => {
    const file = folder.path('private.db');
    const index = IndexDatabase.open(file);
    for (const name of [file, `${file}-wal`, `${file}-shm`]) {
      expect([path.basename(name), statSync(name).mode & 0o777]).toEqual([path.basename(name), 0o600]);
    }
    index.close();
  });

  it('leaves the file as it was when a step fails', () => {
    const file = folder.path('broken.db');
    const first = { version: 1, sql: 'CREATE TABLE a (x INTEGER)' };
    IndexDatabase.open(file, [first]).close();
    const bad = { version: 2, sql: 'CREATE TABLE b (x INTEGER); SELECT nonsense FROM nowhere' };
    expect(() => IndexDatabase.open(file, [first, bad])).toThrow(
      expect.objectContaining({ code: 'DATASET.INDEX' }) as Error,
    );
    const again = IndexDatabase.open(file, [first]);
    expect(again.all("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => name)).toEqual(['a']);
    again.close();
  });

  it('refuses an index of a later release', () => {
    const file = folder.path('later.db');
    IndexDatabase.open(file, [{ version: 99, sql: 'CREATE TABLE a (x INTEGER)' }]).close();
    expect(() => IndexDatabase.open(file)).toThrow(expect.objectContaining({ code: 'DATASET.INDEX_VERSION' }) as Error);
  });

  it('refuses a file that is no index, and a set that is not there', () => {
    const file = folder.write('text.db', 'this is not a database, whatever its name says. '.repeat(50));
    expect(() => IndexDatabase.open(file)).toThrow(expect.objectContaining({ code: 'DATASET.INDEX' }) as Error);
    expect(() => IndexDatabase.openExisting(folder.path('none.db'), 'none')).toThrow(
      expect.objectContaining({ code: 'DATASET.NOT_FOUND' }) as Error,
    );
  });

  it('takes a transaction back when the work throws', () => {
    const index = IndexDatabase.open(folder.path('transaction.db'));
    const work = (): void => {
      index.run("INSERT INTO setting (key, value) VALUES ('a', 'b')");
      throw new Error('stop');
    };
    expect(() => {
      index.transaction(work);
    }).toThrow('stop');
    expect(index.all('SELECT key FROM setting')).toEqual([]);
    index.close();
  });
});
