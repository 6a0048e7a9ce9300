import { createLayout } from '@fedistl/core';
import { layoutHash, planExchange } from './exchange';

const model = createLayout([
  { name: 'norm.weight', shape: [3] },
  { name: 'head.last_layer.weight_g', shape: [4, 1] },
  { name: 'head.last_layer.weight_v', shape: [4, 2] },
  { name: 'cls_head.bias', shape: [1] },
]);
const flat = Float32Array.from({ length: 16 }, (_, i) => i);

describe('exchange', () => {
  it('leaves the last layer out', () => {
    const exchange = planExchange(model, 'exclude');
    expect([...exchange.gather(flat)]).toEqual([0, 1, 2, 15]);
    expect(exchange.region).toBeNull();
    const target = new Float32Array(16);
    exchange.scatter(Float32Array.of(9, 8, 7, 6), target);
    expect([...target]).toEqual([9, 8, 7, ...Array<number>(12).fill(0), 6]);
  });

  it('never sends the fixed gains', () => {
    const exchange = planExchange(model, 'average');
    expect(exchange.layout.entries.map(({ name }) => name)).not.toContain('head.last_layer.weight_g');
    expect(exchange.parameters).toBe(12);
    const back = Float32Array.from(flat).fill(-1);
    exchange.scatter(exchange.gather(flat), back);
    expect([...back]).toEqual([0, 1, 2, -1, -1, -1, -1, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('finds the rows to normalise', () => {
    expect(planExchange(model, 'average-normalised-rows').region).toEqual({ offset: 3, rows: 4, width: 2 });
    expect(() => planExchange(createLayout([{ name: 'a', shape: [1] }]), 'average-normalised-rows')).toThrow(
      expect.objectContaining({ code: 'AGGREGATION.NO_LAST_LAYER' }) as Error,
    );
  });

  it('has another hash for another layout', () => {
    const hashes = (['exclude', 'average', 'average-normalised-rows'] as const).map((way) =>
      layoutHash(planExchange(model, way).layout),
    );
    expect(hashes[1]).toBe(hashes[2]);
    expect(hashes[0]).not.toBe(hashes[1]);
    expect(layoutHash(createLayout([...model.entries].reverse()))).not.toBe(layoutHash(model));
  });
});
