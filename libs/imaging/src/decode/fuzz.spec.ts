import { createRng } from '@fedistl/core';
import { DecodeError, type DecodeErrorCode } from './decode.errors';
import { DecodePool } from './pool/decode-pool';
import { fuzzCorpus } from './testing/corpus';
import { mutate } from './testing/mutate';

const CASES = process.env['SLOW'] === '1' ? 10_000 : 300;
/** Refusals that would mean a crash or a hang, or that something was thrown which nobody foresaw. */
const FAULTS: readonly DecodeErrorCode[] = [
  'IMAGING.UNEXPECTED',
  'IMAGING.WORKER_CRASHED',
  'IMAGING.TIMEOUT',
  'IMAGING.MEMORY',
];

describe('damaged files', () => {
  it(`are decoded or refused: ${CASES} cases`, async () => {
    const corpus = await fuzzCorpus();
    const pool = new DecodePool({ workers: 2, timeoutMs: 20_000 });
    const outcomes = new Map<string, number>();
    const faults: string[] = [];
    const before = process.memoryUsage().rss;
    let peak = before;

    const one = async (number: number): Promise<void> => {
      const rng = createRng('damaged files').stream(String(number));
      const file = mutate(corpus[rng.int(corpus.length)]!, rng);
      let outcome = 'decoded';
      try {
        await pool.radiograph(file, { decode: { frames: 'all' }, radiograph: { size: 16 } });
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        outcome = error.code;
        if (FAULTS.includes(error.code)) faults.push(`case ${number}: ${error.code}: ${error.message}`);
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      peak = Math.max(peak, process.memoryUsage().rss);
    };

    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < CASES) {
        next += 1;
        await one(next - 1);
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    await pool.close();

    if (process.env['SLOW'] === '1') {
      process.stderr.write(
        `outcomes: ${JSON.stringify(Object.fromEntries(outcomes))}; memory +${Math.round((peak - before) / 2 ** 20)} MiB\n`,
      );
    }
    expect(faults).toEqual([]);
    // Damage must not always miss, nor always hit: otherwise the test would show nothing.
    expect(outcomes.get('decoded') ?? 0).toBeGreaterThan(CASES / 20);
    expect(outcomes.size).toBeGreaterThan(5);
    // A case may at most use what the limits give one file; the corpus' own files need a few MiB.
    expect(peak - before).toBeLessThan(1.5 * 2 ** 30);
  }, 1_800_000);
});
