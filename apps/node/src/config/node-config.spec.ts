import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadNodeConfig, settings, VARIABLES } from './node-config';

const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-config-'));
const file = path.join(directory, 'node.json');

afterAll(() => {
  rmSync(directory, { recursive: true });
});

const write = (content: unknown): void => {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
};

describe('loadNodeConfig', () => {
  it('has a default for every setting', async () => {
    await expect(loadNodeConfig({ environment: {} })).resolves.toMatchObject({
      allowPlainHttp: false,
      coordinatorUrl: null,
      engine: 'auto',
      logLevel: 'info',
      pagePort: 7340,
      pollSeconds: 20,
      heartbeatSeconds: 30,
    });
  });

  it('goes by the command line before the environment before the file', async () => {
    write({ pagePort: 1, pollSeconds: 1, heartbeatSeconds: 1, threads: null });
    const environment = { FEDISTL_NODE_PAGE_PORT: '2', FEDISTL_NODE_POLL_SECONDS: '2' };
    const config = await loadNodeConfig({ environment, file, given: { pagePort: 3 } });
    expect(config).toMatchObject({ pagePort: 3, pollSeconds: 2, heartbeatSeconds: 1, threads: null });
  });

  it('reads texts of the environment as what they stand for, and an empty one as none', async () => {
    const environment = {
      FEDISTL_NODE_DIR: '/srv/node',
      FEDISTL_DATA_DIR: '/srv/data',
      FEDISTL_ALLOW_PLAIN_HTTP: 'true',
      FEDISTL_THREADS: '4',
      FEDISTL_NODE_POLL_SECONDS: '0.5',
      FEDISTL_NODE_PAGE_PORT: '',
      FEDISTL_ENGINE: 'onnxruntime',
      FEDISTL_PROVIDER: 'cuda',
    };
    await expect(loadNodeConfig({ environment })).resolves.toMatchObject({
      directory: '/srv/node',
      dataDirectory: '/srv/data',
      allowPlainHttp: true,
      threads: 4,
      pollSeconds: 0.5,
      pagePort: 7340,
      engine: 'onnxruntime',
      provider: 'cuda',
    });
  });

  it.each([
    ['FEDISTL_NODE_PAGE_PORT', '65536'],
    ['FEDISTL_NODE_PAGE_PORT', 'http'],
    ['FEDISTL_ALLOW_PLAIN_HTTP', 'yes'],
    ['FEDISTL_ENGINE', 'abacus'],
    ['FEDISTL_PROVIDER', 'abacus'],
    ['FEDISTL_THREADS', '1.5'],
    ['FEDISTL_NODE_POLL_SECONDS', '0'],
    ['FEDISTL_NODE_HEARTBEAT_SECONDS', '3601'],
    ['FEDISTL_LOG_LEVEL', 'loud'],
  ])('names %s when it is %s', async (variable, value) => {
    const refused = loadNodeConfig({ environment: { [variable]: value } });
    await expect(refused).rejects.toMatchObject({
      code: 'NODE.CONFIG',
      message: expect.stringContaining(`${variable}: `) as string,
    });
  });

  it('names every wrong setting of a file at once, and one that there is not', async () => {
    write({ pagePort: -1, threads: 'many' });
    await expect(loadNodeConfig({ environment: {}, file })).rejects.toMatchObject({
      code: 'NODE.CONFIG',
      message: expect.stringMatching(
        /pagePort \(FEDISTL_NODE_PAGE_PORT\): .*; threads \(FEDISTL_THREADS\): /,
      ) as string,
    });
    write({ pageport: 1 });
    const misspelt = loadNodeConfig({ environment: {}, file });
    await expect(misspelt).rejects.toMatchObject({
      code: 'NODE.CONFIG',
      message: expect.stringContaining('pageport') as string,
    });
  });

  it('names a file that is not there, is no JSON, or holds no settings', async () => {
    const absent = loadNodeConfig({ environment: {}, file: `${file}.absent` });
    await expect(absent).rejects.toMatchObject({ code: 'FILE.NOT_FOUND' });
    write('{"pagePort":');
    await expect(loadNodeConfig({ environment: {}, file })).rejects.toMatchObject({ code: 'JSON.SYNTAX' });
    write([1]);
    await expect(loadNodeConfig({ environment: {}, file })).rejects.toMatchObject({
      code: 'NODE.CONFIG',
      message: `${file}: expected an object of settings`,
    });
  });

  it('refuses to make a fault in production, and cannot be changed afterwards', async () => {
    const environment = { FEDISTL_FAULT: 'node.update-signed' };
    const config = await loadNodeConfig({ environment });
    expect(Object.isFrozen(config)).toBe(true);
    const production = loadNodeConfig({ environment: { ...environment, NODE_ENV: 'production' } });
    await expect(production).rejects.toMatchObject({ code: 'NODE.CONFIG' });
  });
});

describe('docs/node.md', () => {
  it('has a row for every setting, with its variable', () => {
    const page = readFileSync(path.join(__dirname, '../../../../docs/node.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` +\| `(FEDISTL_\w+)`/gm)].map(([, setting, variable]) => [
      setting,
      variable,
    ]);
    expect(rows).toEqual(Object.entries(VARIABLES));
    expect(settings().every(({ meaning }) => meaning !== '')).toBe(true);
  });
});
