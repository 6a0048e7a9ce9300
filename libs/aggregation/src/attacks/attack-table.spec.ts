import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BlobHash, createRng, parseModelHash, parsePlanHash, parseSiteId } from '@fedistl/core';
import { type AggregationRule, type NormBound, referencePlan, type RoundManifest } from '@fedistl/protocol';
import { ruleConditions } from '../rules/rule-conditions';
import { aggregateInMemory } from '../testing/aggregate-in-memory';
import { bitsOf, type MadeUpdate, makeUpdate } from '../testing/update-set';
import { checkUpdateManifest } from '../update/check-manifest';
import { openUpdateBlob } from '../update/update-blob';
import { memoryUpdateSource } from '../update/update-source';

jest.setTimeout(60_000);

const page = path.join(__dirname, '../../../../docs/threat-model.md');
const sites = 11;
const parameters = 800;
const rng = createRng('attack table');

const normOf = (values: ArrayLike<number>): number => Math.sqrt(Array.from(values).reduce((sum, x) => sum + x * x, 0));
const scaled = (values: Float32Array, factor: number): Float32Array => values.map((value) => factor * value);
const noise = (name: string, norm: number): Float32Array => {
  const stream = rng.stream(name);
  const values = Float32Array.from({ length: parameters }, () => stream.normal());
  return scaled(values, norm / normOf(values));
};
const meanOf = (rows: readonly Float32Array[]): Float32Array =>
  Float32Array.from({ length: parameters }, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);

/** Honest updates share a direction of norm 1; each site's own data adds something half as long. */
const direction = noise('direction', 1);
const honestValues = Array.from({ length: sites }, (_, s) => {
  const own = noise(`site ${String(s)}`, 0.5);
  return direction.map((value, i) => value + own[i]!);
});
const siteName = (s: number): string => `site-${String(s).padStart(2, '0')}`;

/** What a hostile site may send, given what the honest ones send (it is assumed to know). */
const attacks: Record<string, (site: number, honest: readonly Float32Array[]) => Float32Array> = {
  'sign-flip': (_, honest) => scaled(meanOf(honest), -1),
  'scaled by 1,000': (site) => scaled(honestValues[site]!, 1000),
  'scaled by -1,000,000': (site) => scaled(honestValues[site]!, -1e6),
  'random, norm 100': (site) => noise(`random ${String(site)}`, 100),
  'inside the spread': (_, honest) => {
    const mean = meanOf(honest);
    return mean.map((value, i) => {
      const spread = Math.sqrt(honest.reduce((sum, row) => sum + (row[i]! - value) ** 2, 0) / honest.length);
      return value - 1.5 * spread;
    });
  },
};

interface Defence {
  readonly name: string;
  readonly rule: AggregationRule;
  readonly normBound: NormBound | null;
  /** Hostile sites in the table. */
  readonly hostile: number;
}
const defence = (name: string, rule: AggregationRule): Defence => ({
  name,
  rule,
  normBound: null,
  hostile: ruleConditions(rule, sites).tolerated,
});
const defences: Defence[] = [
  { name: 'FedAvg', rule: { name: 'fedavg' }, normBound: null, hostile: 1 },
  { name: 'FedAvg, norm bound 2', rule: { name: 'fedavg' }, normBound: { limit: 2, action: 'clip' }, hostile: 1 },
  defence('median', { name: 'median' }),
  defence('trimmed mean, 0.3', { name: 'trimmed-mean', trimFraction: 0.3 }),
  defence('Krum', { name: 'krum', byzantine: 4 }),
  defence('Multi-Krum', { name: 'multi-krum', byzantine: 4, selected: null }),
  defence('Bulyan', { name: 'bulyan', byzantine: 2 }),
  defence('geometric median', { name: 'geometric-median', maximumIterations: 200, smoothing: 1e-6 }),
];

/** Distance of the aggregate from the honest mean, in units of the honest mean's norm. */
async function deviation({ rule, normBound, hostile }: Defence, attack: string): Promise<number> {
  const { honest, delta } = await attacked({ rule, normBound, hostile }, attack);
  const mean = meanOf(honest);
  return normOf(mean.map((value, i) => delta[i]! - value)) / normOf(mean);
}

/** The first `hostile` sites attack: where sites are equal, ties go to the first, which is the attacker's best case. */
async function attacked({ rule, normBound, hostile }: Omit<Defence, 'name'>, attack: string) {
  const honest = honestValues.slice(hostile);
  const values = honestValues.map((own, s) => (s < hostile ? attacks[attack]!(s, honest) : own));
  const updates = values.map((v, s) => makeUpdate({ site: siteName(s), values: v }));
  const { delta, refused } = await aggregateInMemory(updates, { rule, normBound });
  expect(refused).toEqual([]);
  return { honest, delta };
}

/** Puts a generated table between its markers in the page, or checks that it is there. */
function expectInPage(name: string, table: string): void {
  const text = readFileSync(page, 'utf8');
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  expect(from).toBeGreaterThan(0);
  const expected = `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, expected);
  else expect(text).toBe(expected);
}

const shown = (value: number): string => (value < 1000 ? value.toFixed(2) : Math.round(value).toLocaleString('en-GB'));

describe('attacks that a rule has to bear', () => {
  it('have the numbers of docs/threat-model.md (UPDATE_DOCS=1 writes them)', async () => {
    const names = Object.keys(attacks);
    const rows: string[] = [];
    for (const each of defences) {
      const cells: string[] = [];
      for (const attack of names) cells.push(shown(await deviation(each, attack)));
      rows.push(`| ${each.name} | ${each.hostile} of ${sites} | ${cells.join(' | ')} |`);
    }
    const head = `| rule | hostile | ${names.join(' | ')} |\n| --- | --- |${' ---: |'.repeat(names.length)}`;
    expectInPage('attack-bounds', [head, ...rows].join('\n'));
  });

  it.each(Object.keys(attacks))(
    'median and trimmed mean stay between the honest values of each coordinate: %s',
    async (attack) => {
      for (const each of [defences[2]!, defences[3]!]) {
        const { honest, delta } = await attacked(each, attack);
        const outside = delta.filter((value, i) => {
          const column = honest.map((row) => row[i]!);
          return value < Math.min(...column) || value > Math.max(...column);
        });
        expect(outside).toHaveLength(0);
      }
    },
  );

  it.each(Object.keys(attacks))('the geometric median obeys its bound: %s', async (attack) => {
    // ||v - mean|| <= 2 / (1 - 2 f/n) times the honest spread: Pillutla et al., arXiv 1912.13445, robustness lemma.
    const each = defences.at(-1)!;
    const { honest, delta } = await attacked(each, attack);
    const mean = meanOf(honest);
    const spread = Math.max(...honest.map((row) => normOf(row.map((value, i) => value - mean[i]!))));
    const distance = normOf(mean.map((value, i) => delta[i]! - value));
    expect(distance).toBeLessThanOrEqual((2 / (1 - (2 * each.hostile) / sites)) * spread);
  });

  it.each(['Krum', 'Multi-Krum', 'Bulyan'])('%s lets no update through that stands apart', async (name) => {
    const each = defences.find((d) => d.name === name)!;
    for (const attack of ['scaled by 1,000', 'scaled by -1,000,000', 'random, norm 100']) {
      const { honest, delta } = await attacked(each, attack);
      const farthest = Math.max(...honest.map((row) => normOf(row)));
      expect(normOf(delta)).toBeLessThanOrEqual(farthest);
    }
  });

  it.each(Object.keys(attacks))(
    'a norm bound limits what one site moves in FedAvg to (bound + honest norm) / n: %s',
    async (attack) => {
      const { honest, delta } = await attacked(defences[1]!, attack);
      const mean = meanOf(honest);
      expect(normOf(mean.map((value, i) => delta[i]! - value))).toBeLessThanOrEqual((2 + normOf(mean)) / sites + 1e-6);
    },
  );

  it('plain FedAvg bears none of them: the deviation grows with the attack', async () => {
    const [small, large] = [
      await deviation(defences[0]!, 'scaled by 1,000'),
      await deviation(defences[0]!, 'scaled by -1,000,000'),
    ];
    expect(large).toBeGreaterThan(100 * small);
  });
});

const createdAt = '2026-01-01T00:00:00Z';
const good = honestValues.map((values, s) => makeUpdate({ site: siteName(s), values }));
const anyManifest = good[0]!.manifest;
const round: RoundManifest = {
  type: 'round-manifest',
  version: 1,
  studyId: anyManifest.studyId,
  generation: 1,
  round: 1,
  attempt: 1,
  planHash: anyManifest.planHash,
  teacherHash: anyManifest.teacherHash,
  studentHash: anyManifest.baseModelHash,
  centreHash: null,
  layoutHash: anyManifest.layoutHash,
  modelIndex: 1,
  aggregationMode: 'plain',
  sites: honestValues.map((_, s) => parseSiteId(siteName(s))),
  issuedAt: createdAt,
  deadlineAt: createdAt,
};
const plan = referencePlan({ studyId: round.studyId, title: 'TB', finding: 'tuberculosis', createdAt });

/** A coordinator's way with updates: check the manifest, open the blob, then aggregate; the code of the first refusal. */
async function receive(
  updates: readonly MadeUpdate[],
  seen: ReadonlySet<BlobHash>,
  rule: AggregationRule,
  normBound: NormBound | null,
) {
  const taken: MadeUpdate[] = [];
  const refused: { site: string; code: string }[] = [];
  for (const update of updates) {
    try {
      const wasSeen = (hash: BlobHash): boolean => seen.has(hash);
      checkUpdateManifest(update.manifest, {
        round,
        plan,
        planHash: round.planHash,
        parameters,
        centreLength: 0,
        wasSeen,
      });
      await openUpdateBlob(memoryUpdateSource(update.manifest.siteId, update.blob), update.manifest.payload);
      taken.push(update);
    } catch (error) {
      refused.push({ site: update.manifest.siteId, code: (error as { code: string }).code });
    }
  }
  const result = await aggregateInMemory(taken, { rule, normBound });
  return {
    delta: result.delta,
    refused: [...refused, ...result.refused.map(({ siteId, code }) => ({ site: siteId, code }))],
  };
}

const withManifest = (update: MadeUpdate, change: Partial<MadeUpdate['manifest']>): MadeUpdate => ({
  ...update,
  manifest: { ...update.manifest, ...change },
});

const half = { name: 'float16' } as const;

/** Attacks that are refused outright: what the hostile site sends in place of its update. */
const refusals: readonly [string, string, (own: MadeUpdate, site: string) => MadeUpdate][] = [
  ['all zeros', 'UPDATE.ZERO', (_, site) => makeUpdate({ site, values: new Float32Array(parameters) })],
  ['replayed from an earlier round', 'UPDATE.REPLAYED', (_, site) => makeUpdate({ site, values: direction })],
  [
    'stale base model',
    'UPDATE.STALE_BASE',
    (own) => withManifest(own, { baseModelHash: parseModelHash('0'.repeat(64)) }),
  ],
  [
    'trained under another plan',
    'UPDATE.WRONG_PLAN',
    (own) => withManifest(own, { planHash: parsePlanHash('0'.repeat(64)) }),
  ],
  [
    'one NaN',
    'UPDATE.NOT_FINITE',
    (_, site) => makeUpdate({ site, values: direction.map((value, i) => (i === 234 ? Number.NaN : value)) }),
  ],
  [
    'one infinity',
    'UPDATE.NOT_FINITE',
    (_, site) => makeUpdate({ site, values: direction.map((value, i) => (i === 7 ? Infinity : value)) }),
  ],
  ['one value short', 'UPDATE.SHAPE_MISMATCH', (_, site) => makeUpdate({ site, values: direction.subarray(1) })],
  [
    'another shape than signed',
    'UPDATE.SHAPE_MISMATCH',
    (own, site) => {
      // Signs for float32, sends float16: the lengths agree in the manifest, the tensor does not.
      const { blob, manifest } = makeUpdate({
        site,
        values: Float32Array.from({ length: 2 * parameters }),
        encoding: half,
      });
      const { blobHash, byteLength } = manifest.payload;
      return {
        ...own,
        blob,
        manifest: { ...own.manifest, payload: { ...own.manifest.payload, blobHash, byteLength } },
      };
    },
  ],
  [
    'bytes changed after signing',
    'UPDATE.HASH_MISMATCH',
    (own) => ({ ...own, blob: own.blob.map((byte, i) => (i === own.blob.length - 1 ? byte ^ 1 : byte)) }),
  ],
  [
    'norm 1,000 over the bound',
    'UPDATE.NORM_TOO_LARGE',
    (_, site) => makeUpdate({ site, values: scaled(direction, 2000) }),
  ],
];

describe('attacks that are refused', () => {
  const rule = { name: 'multi-krum', byzantine: 2, selected: null } as const;
  const normBound = { limit: 2, action: 'refuse' } as const;
  const hostile = 2;
  const seen = new Set(
    [0, 1].map((s) => makeUpdate({ site: siteName(s), values: direction }).manifest.payload.blobHash),
  );
  const honestOnly = good.slice(hostile);

  it.each(refusals)('%s: %s, and the rest aggregates as if it had not come', async (_, code, make) => {
    const sent = good.map((own, s) => (s < hostile ? make(own, siteName(s)) : own));
    const { delta, refused } = await receive(sent, code === 'UPDATE.REPLAYED' ? seen : new Set(), rule, normBound);
    expect(refused).toEqual([0, 1].map((s) => ({ site: siteName(s), code })));
    const expected = await aggregateInMemory(honestOnly, { rule, normBound });
    expect(bitsOf(delta)).toEqual(bitsOf(expected.delta));
  });

  it('have the codes of docs/threat-model.md', () => {
    const rows = refusals.map(([attack, code]) => `| ${attack} | \`${code}\` |`);
    expectInPage('attack-refusals', ['| update | refused with |', '| --- | --- |', ...rows].join('\n'));
  });
});
