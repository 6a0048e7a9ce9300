import { ChunkSize, defaultChunkLimits } from './chunk-size';

describe('ChunkSize', () => {
  const after = (chunks: number, bytesPerMs: number, answerMs: number): number => {
    const size = new ChunkSize();
    for (let i = 0; i < chunks; i++) size.acknowledged(size.bytes, answerMs + size.bytes / bytesPerMs, answerMs);
    return size.bytes;
  };

  it('stays small on a slow line, so that a break loses little', () => {
    expect(after(50, 500, 1)).toBeLessThanOrEqual(64 * 1024);
  });

  it('grows to the most on a fast line', () => {
    expect(after(50, 500_000, 1)).toBe(defaultChunkLimits.most);
  });

  it('grows on a fast line to a far place until waiting is the smaller part', () => {
    const bytes = after(50, 12_500, 200);
    expect(bytes / 12_500).toBeGreaterThan(100);
  });

  it('halves after a break, to the least', () => {
    const size = new ChunkSize();
    for (let i = 0; i < 10; i++) size.broke();
    expect(size.bytes).toBe(defaultChunkLimits.least);
  });
});
