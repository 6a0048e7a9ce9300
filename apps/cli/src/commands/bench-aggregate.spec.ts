import { Command, CommanderError } from 'commander';
import { registerBenchAggregate } from './bench-aggregate';

jest.setTimeout(60_000);

/** Runs the command in this process; what it printed, line by line. */
async function run(...flags: string[]): Promise<string[]> {
  const bench = new Command('bench').exitOverride().configureOutput({ writeErr: () => undefined });
  registerBenchAggregate(bench);
  bench.commands.forEach((command) => command.exitOverride().configureOutput({ writeErr: () => undefined }));
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
  try {
    await bench.parseAsync(['aggregate', '--sites', '5', '--parameters', '4096', '--runs', '1', ...flags], {
      from: 'user',
    });
  } finally {
    log.mockRestore();
  }
  return lines;
}

describe('fedistl bench aggregate', () => {
  it('prints one JSON object with the figures', async () => {
    const lines = await run('--rule', 'median', '--threads', '1', '--json');
    expect(lines).toHaveLength(1);
    const report = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(report).toMatchObject({ rule: 'median', sites: 5, parameters: 4096, threads: 1 });
    for (const figure of ['secondsAfterLastByte', 'gigabytesPerSecond', 'peakRssMiB']) {
      expect(report[figure]).toEqual(expect.any(Number));
    }
  });

  it('says it in words', async () => {
    expect((await run())[0]).toMatch(/^fedavg of 5 updates of 4096 parameters .* GB\/s, peak memory /);
  });

  it('refuses what is no number of sites, and an unknown rule', async () => {
    await expect(run('--sites', 'ten')).rejects.toThrow(CommanderError);
    await expect(run('--rule', 'mode')).rejects.toThrow(
      expect.objectContaining({ code: 'AGGREGATION.UNKNOWN_RULE' }) as Error,
    );
  });
});
