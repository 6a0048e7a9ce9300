import { benchViews, phantomSource } from './bench-views';
import { MINI_VIEWS } from './view-config';

describe('benchViews', () => {
  it('makes views of phantoms and counts them', async () => {
    const source = phantomSource(2, 48);
    const pixels = new Uint8Array(48 * 48);
    await source.read(1, pixels);
    expect(new Set(pixels).size).toBeGreaterThan(50);
    const row = await benchViews({
      name: 'mini',
      config: MINI_VIEWS,
      source,
      batchSize: 2,
      workers: 0,
      milliseconds: 30,
    });
    expect(row).toMatchObject({ name: 'mini', mode: 'fast', globalSize: 64, localSize: 32, viewsPerImage: 6 });
    expect(row.imagesPerSecond).toBeGreaterThan(0);
    expect(row.viewsPerSecond).toBeCloseTo(6 * row.imagesPerSecond, 6);
    expect(row.cpuMsPerImage).toBeGreaterThan(0);
  });
});
