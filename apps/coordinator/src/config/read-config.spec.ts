import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config.errors';
import { configurationTable } from './configuration-table';
import { readConfig, type Variables } from './read-config';

function problemsOf(variables: Variables): string[] {
  try {
    readConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'CONFIG.INVALID') return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('starts from nothing', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ environment: 'production', host: '127.0.0.1', port: 8473, databaseUrl: undefined });
    expect(config.uploads.maximumUpdateBytes).toBe(2 * 2 ** 30);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes an empty variable for none, as compose files mean it', () => {
    expect(readConfig({ FEDISTL_PORT: '', DATABASE_URL: '', FEDISTL_FAULT: '' }).port).toBe(8473);
  });

  it.each([
    [{ FEDISTL_PORT: '70000' }, 'FEDISTL_PORT: expected a whole number from 0 to 65535, got "70000"'],
    [{ FEDISTL_PORT: '80x' }, 'FEDISTL_PORT: expected a whole number from 0 to 65535, got "80x"'],
    [{ FEDISTL_ENVIRONMENT: 'prod' }, 'FEDISTL_ENVIRONMENT: expected production or development, got "prod"'],
    [{ FEDISTL_MAX_MODEL_BYTES: '2GB' }, /^FEDISTL_MAX_MODEL_BYTES: expected a number of bytes .*, got "2GB"$/],
    [{ FEDISTL_PUBLIC_URL: 'fedistl.example.org' }, /^FEDISTL_PUBLIC_URL: expected an http or https URL/],
    [{ FEDISTL_PUBLIC_URL: 'https://a.example/x' }, /without a path.*got "https:\/\/a.example\/x"$/],
    [{ FEDISTL_NAME: 'Study One' }, /^FEDISTL_NAME: expected 1 to 128 characters/],
    [{ FEDISTL_LOG_LEVEL: 'loud' }, /^FEDISTL_LOG_LEVEL: expected fatal, error/],
    [{ FEDISTL_FAULT: 'round.aggregated' }, /^FEDISTL_FAULT: expected none/],
  ])('refuses %j', (variables, message) => {
    const problems = problemsOf(variables);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('names every variable that is wrong at once', () => {
    expect(problemsOf({ FEDISTL_PORT: '-1', FEDISTL_HOST: 'a b' })).toHaveLength(2);
  });

  it('allows fault points in development alone', () => {
    expect(problemsOf({ FEDISTL_FAULT: 'x', FEDISTL_ENVIRONMENT: 'development' })).toEqual([]);
  });

  it('reads secrets from files and never shows one', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'fedistl-config-')), 'url');
    writeFileSync(path, 'postgres://u:pass@db/fedistl\n');
    expect(readConfig({ DATABASE_URL_FILE: path }).databaseUrl).toBe('postgres://u:pass@db/fedistl');
    expect(problemsOf({ DATABASE_URL_FILE: path, DATABASE_URL: 'postgres://x' })[0]).toMatch(/^DATABASE_URL_FILE: /);
    expect(problemsOf({ DATABASE_URL_FILE: '/nowhere/url' })[0]).toMatch(
      /^DATABASE_URL_FILE: expected a readable file/,
    );
    const [problem = ''] = problemsOf({ DATABASE_URL: 'mysql://u:hunter2@db' });
    expect(problem).toMatch(/^DATABASE_URL: expected a postgres/);
    expect(problem).not.toContain('hunter2');
  });
});

describe('docs/operations.md', () => {
  const page = () => readFileSync(join(__dirname, '../../../../docs/operations.md'), 'utf8');
  const squeeze = (row: string) => row.replace(/\s+/g, ' ').trim();

  it('has a row for every variable, as the schema says', () => {
    const rows = page().split('\n').map(squeeze);
    for (const row of configurationTable()) expect(rows).toContain(squeeze(row));
  });
});
