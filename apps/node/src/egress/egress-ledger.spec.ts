import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EgressLedger, verifyEgress } from './egress-ledger';

describe('EgressLedger', () => {
  let directory: string;
  let file: string;
  let now = new Date('2026-01-01T10:00:00Z');

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fedistl-egress-'));
    file = path.join(directory, 'egress.jsonl');
    now = new Date('2026-01-01T10:00:00Z');
  });

  afterEach(() => rm(directory, { recursive: true }));

  const of = { studyId: 'tb', generation: 1, round: 2, attempt: 1 };
  const update = { class: 'update-blob', bytes: 1000, hash: 'ab', purpose: 'round', of } as const;

  it('appends chained lines, each once, and reads them again', async () => {
    const ledger = await EgressLedger.open(file, () => now);
    await Promise.all([ledger.record(update), ledger.record(update), ledger.record({ ...update, hash: 'cd' })]);
    await ledger.recordDaily('heartbeat');
    await ledger.recordDaily('heartbeat');
    now = new Date('2026-01-02T00:00:01Z');
    await ledger.recordDaily('heartbeat');
    expect(ledger.entries.map((entry) => [entry.index, entry.class, entry.hash])).toEqual([
      [0, 'update-blob', 'ab'],
      [1, 'update-blob', 'cd'],
      [2, 'heartbeat', null],
      [3, 'heartbeat', null],
    ]);
    const again = await EgressLedger.open(file);
    expect(again.entries).toEqual(ledger.entries);
    expect(again.head).toBe(ledger.head);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a changed line', (lines: string[]) => [lines[0]!.replace('1000', '1001'), ...lines.slice(1)]],
    ['a line taken out', (lines: string[]) => lines.slice(1)],
    ['a line in the middle taken out', (lines: string[]) => [lines[0]!, lines[2]!]],
    ['lines in another order', (lines: string[]) => [lines[1]!, lines[0]!, lines[2]!]],
    ['a line that is none', (lines: string[]) => [...lines, '{}']],
  ])('refuses %s', async (_, change) => {
    const ledger = await EgressLedger.open(file);
    for (const hash of ['ab', 'cd', 'ef']) await ledger.record({ ...update, hash });
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await writeFile(file, `${change(lines).join('\n')}\n`);
    await expect(EgressLedger.open(file)).rejects.toMatchObject({ code: 'NODE.EGRESS_BROKEN' });
  });

  it('cuts off a line that a power cut left without its end', async () => {
    const ledger = await EgressLedger.open(file);
    await ledger.record(update);
    await appendFile(file, '{"at":"2026');
    const again = await EgressLedger.open(file);
    await again.record({ ...update, hash: 'cd' });
    expect(verifyEgress(await readFile(file, 'utf8')).entries).toHaveLength(2);
  });
});
