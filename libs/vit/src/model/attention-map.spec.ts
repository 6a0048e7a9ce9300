import { VitError } from '../vit.errors';
import { classTokenMaps, upsampledMaps } from './attention-map';

describe('attention maps', () => {
  const [heads, rows, columns] = [2, 2, 3];
  const tokens = 1 + rows * columns;
  const values = Float32Array.from({ length: 2 * heads * tokens * tokens }, (_, i) => i);

  it("is the class token's row without its own column, per head and image", () => {
    const maps = classTokenMaps({ values, heads, rows, columns, image: 1 });
    const start = heads * tokens * tokens;
    const row = (head: number) => Array.from({ length: 6 }, (_, i) => start + head * tokens * tokens + 1 + i);
    expect([...maps.values]).toEqual([...row(0), ...row(1)]);
  });

  it.each([{ image: 2 }, { rows: 3 }])('refuses values that do not hold what is asked for: %j', (change) => {
    expect(() => classTokenMaps({ values, heads, rows, columns, ...change })).toThrow(VitError);
  });

  it('upsamples bilinearly and stretches each head to 0..1', () => {
    const maps = upsampledMaps({ heads: 2, rows: 1, columns: 2, values: Float32Array.of(1, 3, 5, 5) }, 4);
    expect([maps.rows, maps.columns]).toEqual([4, 8]);
    // Half-pixel centres at factor 4: the samples lie at columns 1.5 and 5.5.
    const line = [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1];
    expect([...maps.values.slice(0, 32)]).toEqual([...line, ...line, ...line, ...line]);
    expect([...maps.values.slice(32)]).toEqual(new Array(32).fill(0));
  });
});
