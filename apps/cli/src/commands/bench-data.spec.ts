import { Command } from 'commander';

import { registerBenchData } from './bench-data';

jest.setTimeout(60_000);

describe('fedistl bench data', () => {
  it('prints one JSON object with a row for each kind of views', async () => {
    const printed: string[] = [];
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
    try {
      const bench = new Command();
      registerBenchData(bench);
      const flags = [
        '--workers',
        '1',
        '--milliseconds',
        '1',
        '--image-size',
        '64',
        '--no-decode',
        '--no-trainer',
        '--json',
      ];
      await bench.parseAsync(['data', ...flags], { from: 'user' });
    } finally {
      write.mockRestore();
    }
    expect(printed).toHaveLength(1);
    const result = JSON.parse(printed[0]!) as Record<string, unknown>;
    expect(result).toMatchObject({
      synthetic: true,
      imageSize: 64,
      trainer: null,
      decode: null,
      views: [
        { name: 'mini', mode: 'fast', workers: 1, globalSize: 64, localSize: 32, viewsPerImage: 6 },
        { name: 'mini', mode: 'parity' },
        { name: 'paper', mode: 'parity', globalSize: 256, localSize: 128, viewsPerImage: 10 },
      ],
    });
    expect(result['peakRssMiB']).toBeGreaterThan(0);
  });
});
