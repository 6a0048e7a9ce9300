import {
  checkpointText,
  cosign,
  formatNoteKey,
  Identity,
  Ledger,
  MemoryLedgerStore,
  noteKeyOf,
  signCheckpoint,
  withSignature,
} from '@fedistl/crypto';
import { writeLedgerFile } from '@fedistl/crypto/node';
import { Command } from 'commander';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { registerLedger } from './ledger';

const seeded = (name: string, fill: number) =>
  Identity.fromSecrets(name, {
    signingSeed: new Uint8Array(32).fill(fill),
    boxSecret: new Uint8Array(32).fill(fill + 1),
  });
const log = seeded('example.org/ledger', 1);
const site = seeded('site-a', 10);
const logKey = formatNoteKey(noteKeyOf(log.public, 'log'));
const siteKey = formatNoteKey(noteKeyOf(site.public, 'witness'));

describe('fedistl ledger verify', () => {
  let folder: string;
  let file: string;
  let printed: string[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fedistl-ledger-'));
    file = path.join(folder, 'ledger.jsonl');
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line));
    process.exitCode = 0;
    const store = new MemoryLedgerStore();
    const ledger = new Ledger(store);
    await ledger.append([Buffer.from('one'), Buffer.from('two')]);
    const checkpoint = await ledger.checkpoint(log);
    await ledger.addCosignature(2, cosign(checkpoint, site, 1000), noteKeyOf(site.public, 'witness'));
    await writeLedgerFile(file, store);
    await writeFile(path.join(folder, 'kept'), checkpointText(checkpoint));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    process.exitCode = 0;
    await rm(folder, { recursive: true });
  });

  const run = (...args: string[]) => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerLedger(program);
    return program.parseAsync(['node', 'fedistl', 'ledger', 'verify', ...args]);
  };
  const json = () => {
    expect(printed).toHaveLength(1);
    return JSON.parse(printed[0]!) as unknown;
  };

  it('says that nothing was found', async () => {
    await run(file, '--key', logKey, '--witness', siteKey, '--known', path.join(folder, 'kept'), '--json');
    expect(json()).toMatchObject({ ok: true, entries: 2, checkpoints: 1, witnesses: ['site-a'], findings: [] });
    expect(process.exitCode).toBe(0);
  });

  it('says it in words, with keys from a file', async () => {
    await writeFile(path.join(folder, 'keys'), `# pinned in March\n\n${logKey}\n`);
    await run(file, '--key', path.join(folder, 'keys'));
    expect(printed.join('\n')).toContain('verified: nothing was found');
    expect(printed.join('\n')).toContain('example.org/ledger');
  });

  it('says what was found and exits with 1', async () => {
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(Buffer.from('two').toString('base64'), Buffer.from('too').toString('base64')));
    await run(file, '--key', logKey, '--json');
    expect(json()).toMatchObject({ ok: false, findings: [{ code: 'LEDGER.REWRITTEN' }, { code: 'LEDGER.CHECKSUM' }] });
    expect(process.exitCode).toBe(1);
    printed.length = 0;
    await run(file, '--key', logKey);
    expect(printed.at(-1)).toBe('NOT verified');
  });

  it('asks for all witnesses unless told for how many', async () => {
    const other = formatNoteKey(noteKeyOf(seeded('site-b', 30).public, 'witness'));
    const witnesses = ['--witness', siteKey, '--witness', other];
    await run(file, '--key', logKey, ...witnesses, '--json');
    expect(json()).toMatchObject({ ok: false, findings: [{ code: 'LEDGER.UNWITNESSED' }] });
    printed.length = 0;
    process.exitCode = 0;
    await run(file, '--key', logKey, ...witnesses, '--quorum', '1', '--json');
    expect(json()).toMatchObject({ ok: true });
  });

  it('throws coded errors for what it cannot read or trust', async () => {
    await expect(run(path.join(folder, 'none'), '--key', logKey)).rejects.toMatchObject({ code: 'LEDGER.UNREADABLE' });
    await expect(run(file, '--key', path.join(folder, 'none'))).rejects.toMatchObject({ code: 'LEDGER.UNREADABLE' });
    await expect(run(file, '--key', file)).rejects.toMatchObject({ code: 'LEDGER.NOTE_KEY' });
    await expect(run(file)).rejects.toMatchObject({ code: 'commander.missingMandatoryOptionValue' });
    const stranger = signCheckpoint({ size: 1, root: new Uint8Array(32) }, seeded('example.org/ledger', 50));
    const kept = path.join(folder, 'foreign');
    await writeFile(kept, checkpointText(withSignature(stranger, cosign(stranger, site, 5))));
    await expect(run(file, '--key', logKey, '--known', kept)).rejects.toMatchObject({ code: 'LEDGER.BAD_SIGNATURE' });
  });
});
