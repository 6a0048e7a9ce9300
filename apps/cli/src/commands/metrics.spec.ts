import { Command } from 'commander';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { registerMetrics } from './metrics';

interface Reference {
  y: number[];
  scoreA: number[];
  scoreB: number[];
  aucA: number;
  delongSeA: number;
  delongZ: number;
  delongP: number;
  averagePrecisionA: number;
  brierA: number;
  youdenThreshold: number;
}

const near = (value: number): number => expect.closeTo(value, 10) as number;

describe('fedistl metrics', () => {
  let folder: string;
  let file: string;
  let reference: Reference;
  let printed: string[];

  beforeAll(async () => {
    const source = path.join(__dirname, '../../../../test/fixtures/reference/metrics.json');
    reference = (JSON.parse(await readFile(source, 'utf8')) as [Reference])[0];
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fedistl-metrics-'));
    file = path.join(folder, 'scores.csv');
    const rows = reference.y.map(
      (y, i) => `${y},${reference.scoreA[i]},${reference.scoreB[i]},p${i >> 1},${i % 3 === 0 ? 'f' : 'm'}`,
    );
    await writeFile(file, `y,score,score2,patient,group:sex\n${rows.join('\n')}\n`);
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  async function run(...args: string[]): Promise<void> {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerMetrics(program);
    await program.parseAsync(['metrics', ...args], { from: 'user' });
  }

  it('prints one JSON object with the reference numbers', async () => {
    await run(file, '--json', '--resamples', '200');
    expect(printed).toHaveLength(1);
    const result = JSON.parse(printed[0]!) as Record<string, unknown>;
    expect(result).toMatchObject({
      file: 'scores.csv',
      cases: 40,
      positives: 22,
      negatives: 18,
      patients: 20,
      score: {
        auc: { auc: near(reference.aucA), standardError: near(reference.delongSeA) },
        averagePrecision: near(reference.averagePrecisionA),
        brier: near(reference.brierA),
        youden: { threshold: reference.youdenThreshold },
        operatingPoints: [{ threshold: 0.5, rule: { type: 'fixed' }, chosenOn: null }],
        bootstrap: { auc: { patients: 20, resamples: 200 } },
      },
      comparison: { z: near(reference.delongZ), p: near(reference.delongP) },
      subgroups: {
        sex: {
          rows: [
            { group: 'f', cases: 14 },
            { group: 'm', cases: 26 },
          ],
          suppressed: [],
        },
      },
    });
  });

  it('chooses thresholds on the tuning cases only', async () => {
    const tuning = path.join(folder, 'val.csv');
    await writeFile(tuning, 'y,score,score2\n0,0.1,0.2\n0,0.2,0.9\n1,0.3,0.4\n1,0.4,0.95\n');
    await run(file, '--json', '--resamples', '100', '--tuning', tuning, '--youden', '--sensitivity', '0.5');
    const { score, score2 } = JSON.parse(printed[0]!) as Record<string, { operatingPoints: { threshold: number }[] }>;
    expect(score!.operatingPoints.map(({ threshold }) => threshold)).toEqual([0.3, 0.4]);
    expect(score2!.operatingPoints.map(({ threshold }) => threshold)).toEqual([0.95, 0.95]);
    await expect(run(file, '--youden')).rejects.toMatchObject({ code: 'EVAL.NO_TUNING_CASES' });
  });

  it('prints a table to read', async () => {
    await run(file, '--resamples', '100', '--smallest-group', '20');
    const text = printed.join('\n');
    expect(text).toContain('40 cases of 20 patients: 22 positive, 18 negative');
    expect(text).toContain('AUC                0.7247 (0.5654 to 0.8841)   DeLong');
    expect(text).toContain('suppressed         f');
  });

  it('takes scores that are no probabilities, without Brier and calibration', async () => {
    await writeFile(file, 'y,score\n0,-2\n1,3\n0,1\n1,0.5\n');
    await run(file, '--json', '--resamples', '100');
    expect(JSON.parse(printed[0]!)).toMatchObject({ score: { brier: null, calibration: null }, score2: null });
  });

  it.each([
    ['SCORES.BAD_NUMBER', 'y,score\n0,0.5\n1,none\n'],
    ['SCORES.BAD_LABEL', 'y,score\nyes,0.5\n'],
    ['EVAL.ONE_CLASS', 'y,score\n1,0.5\n1,0.6\n'],
    ['EVAL.TOO_FEW', 'y,score\n1,0.5\n0,0.6\n'],
  ])('refuses with %s', async (code, text) => {
    await writeFile(file, text);
    await expect(run(file, '--json')).rejects.toMatchObject({ code });
    expect(printed).toEqual([]);
  });

  it('refuses a missing file and a bad option', async () => {
    await expect(run(path.join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'FILE.NOT_FOUND' });
    await expect(run(file, '--confidence', '1')).rejects.toMatchObject({ code: 'EVAL.BAD_OPTION' });
    await expect(run(file, '--resamples', 'many')).rejects.toMatchObject({ code: 'commander.invalidArgument' });
  });
});
