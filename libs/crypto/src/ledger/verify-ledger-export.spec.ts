import { createPrivateKey, sign } from 'node:crypto';
import { concatBytes, decodeUtf8, utf8 } from '../encoding/bytes';
import { toHex } from '../encoding/hex';
import { sha256Hex } from '../hash/sha256';
import { Identity, type Signer } from '../identity/identity';
import { verifyEd25519Native } from '../node/native-ed25519';
import { createNativeSha256 } from '../node/native-sha256';
import { checkpointText, signCheckpoint, type TreeHead } from './checkpoint';
import { cosign, withSignature } from './cosignature';
import { type ExportLine, formatExportLine, parseExportLine } from './export-format';
import { exportLedger } from './export-ledger';
import { Ledger } from './ledger';
import { MemoryLedgerStore } from './memory-ledger-store';
import { noteKeyOf } from './note-key';
import { type LedgerExpectation, verifyLedgerExport } from './verify-ledger-export';

/** An identity that signs by node:crypto: the same signatures, sooner than tweetnacl in a test runner. */
function signerOf(identity: Identity): Signer {
  const x = Buffer.from(identity.public.signingKey).toString('base64url');
  const d = Buffer.from(identity.exportSecrets().signingSeed).toString('base64url');
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x, d }, format: 'jwk' });
  return { public: identity.public, sign: (message) => new Uint8Array(sign(null, message, key)) };
}
const seeded = (name: string, fill: number) =>
  signerOf(
    Identity.fromSecrets(name, {
      signingSeed: new Uint8Array(32).fill(fill),
      boxSecret: new Uint8Array(32).fill(fill + 1),
    }),
  );
const log = seeded('example.org/ledger', 1);
const [siteA, siteB] = [seeded('site-a', 10), seeded('site-b', 20)];
const witnesses = [siteA, siteB].map((site) => noteKeyOf(site.public, 'witness'));
const logKeys = [noteKeyOf(log.public, 'log')];
const trust: LedgerExpectation = { logKeys, witnesses, quorum: 2, verify: verifyEd25519Native };
const entry = (i: number) => utf8(`{"entry":${i}}`);

async function ledgerOf(sizes: readonly number[], change?: (i: number) => Uint8Array, signer = log) {
  const store = new MemoryLedgerStore();
  const ledger = new Ledger(store, verifyEd25519Native);
  let i = 0;
  for (const size of sizes) {
    for (; i < size; i++) await ledger.append([change?.(i) ?? entry(i)]);
    const checkpoint = await ledger.checkpoint(signer);
    for (const [at, site] of [siteA, siteB].entries()) {
      await ledger.addCosignature(checkpoint.size, cosign(checkpoint, site, 1000 + size), witnesses[at]!);
    }
  }
  return { store, ledger };
}

async function linesOf(store: MemoryLedgerStore): Promise<ExportLine[]> {
  const text = decodeUtf8(concatBytes(...(await collect(exportLedger(store))))) ?? '';
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const parsed = parseExportLine(line);
      if (typeof parsed === 'string') throw new Error(parsed);
      return parsed;
    });
}
async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

/** A file of these lines with the right counts and checksum, as a forger would write it. */
function fileOf(lines: readonly ExportLine[]): Uint8Array {
  const body = lines
    .filter((line) => line.kind !== 'end')
    .map(formatExportLine)
    .join('');
  const count = (kind: ExportLine['kind']) => lines.filter((line) => line.kind === kind).length;
  const end = {
    kind: 'end',
    entries: count('entry'),
    checkpoints: count('checkpoint'),
    sha256: sha256Hex(body),
  } as const;
  return utf8(body + formatExportLine(end));
}
const codes = async (file: Uint8Array, expectation = trust) => [
  ...new Set((await verifyLedgerExport(file, expectation)).findings.map((finding) => finding.code)),
];

describe('an honest export', () => {
  it('has no findings', async () => {
    const { store, ledger } = await ledgerOf([0, 3, 4, 9]);
    const file = concatBytes(...(await collect(exportLedger(store))));
    const known: TreeHead[] = [await ledger.head(0), await ledger.head(4), await ledger.head(7), await ledger.head(9)];
    const seen: number[] = [];
    const result = await verifyLedgerExport(file, { ...trust, known, onEntry: (_, i) => seen.push(i) });
    expect(result).toEqual({
      ok: true,
      findings: [],
      origin: 'example.org/ledger',
      entries: 9,
      checkpoints: 4,
      signedHead: await ledger.head(),
      witnesses: ['site-a', 'site-b'],
    });
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('reads the same in pieces of any size, with portable and native parts', async () => {
    const { store } = await ledgerOf([2, 5]);
    const file = concatBytes(...(await collect(exportLedger(store, createNativeSha256))));
    expect(file).toEqual(concatBytes(...(await collect(exportLedger(store)))));
    const whole = await verifyLedgerExport(file, { logKeys, witnesses });
    expect(whole.ok).toBe(true);
    for (const size of [1, 7, 100]) {
      const pieces = Array.from({ length: Math.ceil(file.length / size) }, (_, i) =>
        file.subarray(i * size, (i + 1) * size),
      );
      expect(await verifyLedgerExport(pieces, { ...trust, createHash: createNativeSha256 })).toEqual(whole);
    }
  });

  it('leaves out what nobody has signed, and needs a signature', async () => {
    const { store, ledger } = await ledgerOf([2]);
    await ledger.append([entry(2)]);
    expect((await linesOf(store)).filter((line) => line.kind === 'entry')).toHaveLength(2);
    await expect(collect(exportLedger(new MemoryLedgerStore()))).rejects.toMatchObject({
      code: 'LEDGER.NO_CHECKPOINT',
    });
  });

  it('may be signed by an old and a new key of the log, if both are pinned', async () => {
    const next = seeded('example.org/ledger', 40);
    const { store, ledger } = await ledgerOf([3]);
    await ledger.append([entry(3)]);
    await ledger.checkpoint(next);
    const file = concatBytes(...(await collect(exportLedger(store))));
    const both = [...logKeys, noteKeyOf(next.public, 'log')];
    expect(await codes(file, { ...trust, quorum: 0, logKeys: both })).toEqual([]);
    expect(await codes(file, { ...trust, quorum: 0 })).toEqual(['LEDGER.BAD_SIGNATURE', 'LEDGER.UNSIGNED']);
  });
});

describe('a dishonest log is found', () => {
  it('that rewrote an entry under an old signature', async () => {
    const lines = await linesOf((await ledgerOf([3, 6])).store);
    for (const index of [0, 2, 5]) {
      const forged = lines.map((line) =>
        line.kind === 'entry' && line.index === index ? { ...line, entry: utf8('forged') } : line,
      );
      expect(await codes(fileOf(forged))).toEqual(['LEDGER.REWRITTEN']);
    }
  });

  it('that rewrote and signed anew: it forked from what the site saw', async () => {
    const honest = await ledgerOf([3, 6]);
    const forged = await ledgerOf([3, 6], (i) => (i === 1 ? utf8('forged') : entry(i)));
    const file = fileOf(await linesOf(forged.store));
    expect(await codes(file)).toEqual([]); // Consistent in itself: that is why sites keep heads.
    for (const size of [3, 4, 6]) {
      const known = [await honest.ledger.head(size)];
      expect(await codes(file, { ...trust, known })).toEqual(['LEDGER.FORKED']);
    }
    // What the two histories share accuses nobody.
    expect(await codes(file, { ...trust, known: [await honest.ledger.head(1)] })).toEqual([]);
  });

  it('that signed two trees of one size', async () => {
    const lines = await linesOf((await ledgerOf([3, 6])).store);
    const other = signCheckpoint({ size: 3, root: new Uint8Array(32).fill(1) }, log);
    const at = lines.findIndex((line) => line.kind === 'checkpoint');
    const both = lines.toSpliced(at + 1, 0, { kind: 'checkpoint', note: checkpointText(other) });
    expect(await codes(fileOf(both))).toEqual(['LEDGER.FORKED']);
    const late = lines.toSpliced(-1, 0, { kind: 'checkpoint', note: checkpointText(other) });
    expect(await codes(fileOf(late))).toEqual(['LEDGER.FORKED']);
  });

  it('that cut the end off', async () => {
    const { store, ledger } = await ledgerOf([3, 6]);
    const lines = await linesOf(store);
    const short = lines.filter((line) => !(line.kind === 'entry' && line.index === 5));
    expect(await codes(fileOf(short))).toEqual(['LEDGER.OUT_OF_ORDER', 'LEDGER.TRUNCATED']);
    const upToThree = lines.slice(0, 5);
    expect(await codes(fileOf(upToThree))).toEqual([]);
    for (const size of [4, 6]) {
      const known = [await ledger.head(size)];
      expect(await codes(fileOf(upToThree), { ...trust, known })).toEqual(['LEDGER.TRUNCATED']);
    }
  });

  it('that dropped, doubled or swapped entries', async () => {
    const lines = await linesOf((await ledgerOf([4])).store);
    for (const forged of [
      lines.toSpliced(2, 1),
      lines.toSpliced(2, 0, lines[2]!),
      lines.with(1, lines[2]!).with(2, lines[1]!),
    ]) {
      expect(await codes(fileOf(forged))).toContain('LEDGER.OUT_OF_ORDER');
      // With the numbers put right, the signature still tells.
      let index = 0;
      const renumbered = forged.map((line) => (line.kind === 'entry' ? { ...line, index: index++ } : line));
      expect((await codes(fileOf(renumbered))).some((code) => /REWRITTEN|TRUNCATED|OUT_OF_ORDER/.test(code))).toBe(
        true,
      );
    }
  });

  it('that is another one, by name or by key', async () => {
    const impostor = seeded('example.org/ledger', 50);
    const byKey = await ledgerOf([2], undefined, impostor);
    expect(await codes(fileOf(await linesOf(byKey.store)))).toEqual([
      'LEDGER.BAD_SIGNATURE',
      'LEDGER.UNSIGNED',
      'LEDGER.UNWITNESSED',
    ]);
    const byName = await ledgerOf([2], undefined, seeded('example.org/other', 1));
    expect(await codes(fileOf(await linesOf(byName.store)))).toContain('LEDGER.WRONG_LOG');
  });

  it('that left entries unsigned', async () => {
    const lines = await linesOf((await ledgerOf([2])).store);
    const more = lines.toSpliced(-1, 0, { kind: 'entry', index: 2, entry: entry(2) });
    expect(await codes(fileOf(more))).toEqual(['LEDGER.UNSIGNED']);
  });

  it('that has too few witnesses, or one whose signature is not its own', async () => {
    const { store } = await ledgerOf([2]);
    const lines = await linesOf(store);
    const alone = lines.map((line) =>
      line.kind === 'checkpoint' ? { ...line, note: line.note.replace(/\u2014 site-b.*\n/, '') } : line,
    );
    expect(await codes(fileOf(alone))).toEqual(['LEDGER.UNWITNESSED']);
    expect(await codes(fileOf(alone), { ...trust, quorum: 1 })).toEqual([]);
    const twice = [witnesses[0]!, witnesses[0]!, noteKeyOf({ ...siteA.public, name: 'site-z' }, 'witness')];
    expect(await codes(fileOf(lines), { ...trust, witnesses: twice })).toEqual(['LEDGER.UNWITNESSED']);
    const { ledger } = await ledgerOf([3]);
    const foreign = cosign((await ledger.latestCheckpoint())!, siteB, 5);
    const swapped = signCheckpoint(await ledger.head(2), log);
    const lied = lines.map((line) =>
      line.kind === 'checkpoint' ? { ...line, note: checkpointText(withSignature(swapped, foreign)) } : line,
    );
    expect(await codes(fileOf(lied), { ...trust, quorum: 0 })).toEqual(['LEDGER.BAD_COSIGNATURE']);
  });
});

describe('a damaged file is found', () => {
  it('with any byte changed', async () => {
    const { store } = await ledgerOf([1, 2]);
    const file = concatBytes(...(await collect(exportLedger(store))));
    for (let at = 0; at < file.length; at++) {
      const changed = Uint8Array.from(file);
      changed[at]! ^= 1 << (at & 7);
      const { ok, findings } = await verifyLedgerExport(changed, { ...trust, createHash: createNativeSha256 });
      expect([at, ok, findings.length > 0]).toEqual([at, false, true]);
    }
  });

  it('with a line in another spelling, under the right checksum', async () => {
    const lines = (await linesOf((await ledgerOf([2])).store)).slice(0, -1).map(formatExportLine);
    const respelled = [
      lines.with(0, lines[0]!.replace(':', ': ')),
      lines.with(1, lines[1]!.replace('"index":0', '"index":0.0')),
      lines.with(1, lines[1]!.replace('}', ',"note":1}')),
      lines.with(-1, lines.at(-1)!.replace('example', '\\u0065xample')),
    ];
    for (const each of respelled) {
      const body = each.join('');
      expect(body).not.toBe(lines.join(''));
      const end = { kind: 'end', entries: 2, checkpoints: 1, sha256: sha256Hex(body) } as const;
      expect(await codes(utf8(body + formatExportLine(end)))).toContain('LEDGER.MALFORMED');
    }
  });

  it('cut anywhere', async () => {
    const { store } = await ledgerOf([1, 2]);
    const file = concatBytes(...(await collect(exportLedger(store))));
    for (let length = 0; length < file.length; length += 5) {
      expect(await codes(file.subarray(0, length))).toContain('LEDGER.TRUNCATED');
    }
  });

  it('with something after its end', async () => {
    const { store } = await ledgerOf([1]);
    const file = concatBytes(...(await collect(exportLedger(store))));
    const end = decodeUtf8(file)!.split('\n').at(-2)!;
    expect(await codes(concatBytes(file, utf8(`${end}\n`)))).toEqual(['LEDGER.OUT_OF_ORDER']);
    expect(await codes(concatBytes(file, utf8('\n')))).toEqual(['LEDGER.MALFORMED']);
    expect(await codes(concatBytes(file, utf8('x')))).toEqual(['LEDGER.TRUNCATED']);
  });

  it.each([
    ['nothing', ''],
    ['no header', '{"entry":"AA==","index":0}\n'],
    ['a line in another spelling', '{"origin":"example.org/ledger", "format":"fedistl-ledger/1"}\n'],
    ['an unknown line', '{"x":1}\n'],
    ['a list', '[]\n'],
    ['a checkpoint that is none', '{"checkpoint":"x"}\n'],
    ['an entry that is no base64', '{"entry":"?","index":0}\n'],
    ['a negative index', '{"entry":"AA==","index":-1}\n'],
    ['an end without counts', '{"end":{}}\n'],
    ['another version', '{"format":"fedistl-ledger/2","origin":"example.org/ledger"}\n'],
  ])('%s', async (_, text) => {
    const result = await verifyLedgerExport(utf8(text), trust);
    expect(result.ok).toBe(false);
  });

  it('with an endless line, without reading it all', async () => {
    let pieces = 0;
    function* endless() {
      for (;;) {
        pieces++;
        yield new Uint8Array(1 << 20).fill(0x61);
      }
    }
    expect(await codes(utf8(''), trust)).toContain('LEDGER.TRUNCATED');
    const result = await verifyLedgerExport(endless(), trust);
    expect(result.findings.map((finding) => finding.code)).toContain('LEDGER.TRUNCATED');
    expect(pieces).toBeLessThan(4);
  });

  it('passes on the error of a stream that fails', async () => {
    async function* failing() {
      yield await Promise.resolve(utf8('{'));
      throw new Error('disk');
    }
    await expect(verifyLedgerExport(failing(), trust)).rejects.toThrow('disk');
  });

  it('keeps its findings to a hundred', async () => {
    const result = await verifyLedgerExport(utf8('x\n'.repeat(500)), trust);
    expect(result.findings).toHaveLength(100);
    expect(toHex(Uint8Array.of(result.entries))).toBe('00');
  });
});
