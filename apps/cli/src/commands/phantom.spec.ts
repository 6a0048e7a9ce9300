import { Command } from 'commander';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { registerPhantom } from './phantom';

describe('fedistl phantom', () => {
  let folder: string;
  let printed: string[];
  let log: jest.SpyInstance;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'fedistl-phantom-'));
    printed = [];
    log = jest.spyOn(console, 'log').mockImplementation((line: string) => {
      printed.push(line);
    });
  });
  afterEach(() => {
    log.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (...flags: string[]): Promise<void> => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerPhantom(program);
    await program.parseAsync(['phantom', ...flags], { from: 'user' });
  };

  it('writes a set and prints one JSON object', async () => {
    const out = path.join(folder, 'set');
    await run(out, '--count', '4', '--size', '32', '--task', 'covid', '--sites', '2', '--seed', 'x', '--json');
    expect(printed).toHaveLength(1);
    expect(JSON.parse(printed[0]!)).toMatchObject({
      synthetic: true,
      images: 4,
      sites: [{ folder: 'site-1' }, { folder: 'site-2' }],
    });
    expect(readdirSync(out).sort()).toEqual(['SYNTHETIC.txt', 'labels.csv', 'site-1', 'site-2']);
  });

  it('says in words that the images are synthetic', async () => {
    await run(path.join(folder, 'set'), '--count', '2', '--size', '32');
    expect(printed[0]).toContain('SYNTHETIC');
  });

  it('refuses a folder with files, an unknown disease and a share above 1', async () => {
    const out = path.join(folder, 'set');
    await run(out, '--count', '1', '--size', '32');
    await expect(run(out, '--count', '1')).rejects.toMatchObject({ code: 'PHANTOM.OUTPUT' });
    await expect(run(out, '--task', 'measles')).rejects.toMatchObject({ code: 'commander.invalidArgument' });
    await expect(run(out, '--prevalence', '1.5')).rejects.toMatchObject({ code: 'commander.invalidArgument' });
  });
});
