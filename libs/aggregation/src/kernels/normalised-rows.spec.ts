import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRng } from '@fedistl/core';
import { type AggregationRule } from '@fedistl/protocol';
import { aggregateFiles } from '../node/aggregate-files';
import { aggregateInMemory } from '../testing/aggregate-in-memory';
import { bitsOf, makeUpdate } from '../testing/update-set';

jest.setTimeout(60_000);

const [offset, rows, width] = [37, 70, 8];
const parameters = offset + rows * width + 21;
const rng = createRng('normalised');
const noise = (count: number, std: number): Float32Array =>
  Float32Array.from({ length: count }, () => rng.normal(0, std));
const base = noise(rows * width, 1);
const layer = { offset, rows, width, base };
const rowNorm = (values: ArrayLike<number>, row: number): number =>
  Math.hypot(...Array.from({ length: width }, (_, i) => values[row * width + i]!));

describe('average of normalised rows', () => {
  it('does not let a row weigh more because its site gave it a larger norm', async () => {
    const updates = ['a1', 'b2'].map((site) => makeUpdate({ site, values: noise(parameters, 0.1) }));
    // Site b2's rows grow a hundredfold: the function it computes is the same.
    const grown = Float32Array.from(new Float32Array(updates[1]!.blob.slice(-4 * parameters).buffer));
    for (let i = 0; i < rows * width; i++) grown[offset + i] = 100 * (base[i]! + grown[offset + i]!) - base[i]!;
    const rule = { name: 'fedavg' } as const;
    const options = { rule, normalisedLayer: layer };
    const expected = await aggregateInMemory(updates, options);
    const got = await aggregateInMemory([updates[0]!, makeUpdate({ site: 'b2', values: grown })], options);
    for (let i = 0; i < rows * width; i++) expect(got.delta[offset + i]).toBeCloseTo(expected.delta[offset + i]!, 4);
    const plain = await aggregateInMemory([updates[0]!, makeUpdate({ site: 'b2', values: grown })], { rule });
    expect(Math.abs(plain.delta[offset]! - expected.delta[offset]!)).toBeGreaterThan(1);
  });

  it('keeps the norm that each row had, averages directions, and leaves the rest of the model alone', async () => {
    const values = ['a1', 'b2', 'c3'].map(() => noise(parameters, 0.3));
    const updates = values.map((v, i) => makeUpdate({ site: `s${String(i)}`, values: v, weight: i + 1 }));
    const { delta } = await aggregateInMemory(updates, { rule: { name: 'fedavg' }, normalisedLayer: layer });
    const plain = await aggregateInMemory(updates, { rule: { name: 'fedavg' } });
    expect(delta.slice(0, offset)).toEqual(plain.delta.slice(0, offset));
    expect(delta.slice(offset + rows * width)).toEqual(plain.delta.slice(offset + rows * width));
    const after = base.map((value, i) => value + delta[offset + i]!);
    for (let row = 0; row < rows; row++) {
      expect(rowNorm(after, row)).toBeCloseTo(rowNorm(base, row), 4);
      const direction = Array.from({ length: width }, (_, i) => {
        const at = row * width + i;
        return values.reduce((sum, v, s) => {
          const moved = base.map((b, k) => b + v[offset + k]!);
          return sum + (s + 1) * (moved[at]! / rowNorm(moved, row));
        }, 0);
      });
      const scale = rowNorm(base, row) / Math.hypot(...direction);
      direction.forEach((d, i) => {
        expect(after[row * width + i]).toBeCloseTo(scale * d, 4);
      });
    }
  });

  it.each<AggregationRule>([
    { name: 'fedavg' },
    { name: 'median' },
    { name: 'multi-krum', byzantine: 1, selected: null },
  ])('has the same bits in threads for $name', async (rule) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'rows-'));
    const updates = Array.from({ length: 5 }, (_, i) =>
      makeUpdate({ site: `s${String(i)}`, values: noise(parameters, 0.3) }),
    );
    const stored = updates.map(({ manifest, blob, weight }) => {
      const file = path.join(folder, manifest.siteId);
      writeFileSync(file, blob);
      return { manifest, weight, path: file };
    });
    const expected = await aggregateInMemory(updates, { rule, normalisedLayer: layer, blockLength: 16 });
    for (const blockLength of [64, 65_536]) {
      const got = await aggregateFiles({
        rule,
        normBound: null,
        parameters,
        updates: stored,
        normalisedLayer: layer,
        blockLength,
      });
      expect(bitsOf(got.delta)).toEqual(bitsOf(expected.delta));
    }
    rmSync(folder, { recursive: true });
  });

  it('leaves a row where the sites cancel out', async () => {
    const still = { offset: 0, rows: 1, width: 2, base: Float32Array.of(0, 0) };
    const updates = [
      makeUpdate({ site: 'a1', values: Float32Array.of(1, 0) }),
      makeUpdate({ site: 'b2', values: Float32Array.of(-1, 0) }),
    ];
    const { delta } = await aggregateInMemory(updates, { rule: { name: 'fedavg' }, normalisedLayer: still });
    expect([...delta]).toEqual([0, 0]);
  });
});
