import { toBase64 } from '../encoding/base64';
import { Identity } from '../identity/identity';
import { checkpointText, parseCheckpoint, signCheckpoint } from './checkpoint';
import { emptyRoot } from './merkle-hash';
import { formatNoteKey, noteKeyOf, parseNoteKey } from './note-key';
import { parseSignatureLine, parseSignedNote } from './signed-note';

const log = Identity.fromSecrets('example.org/log', {
  signingSeed: new Uint8Array(32).fill(1),
  boxSecret: new Uint8Array(32).fill(2),
});
const good = checkpointText(signCheckpoint({ size: 0, root: emptyRoot() }, log));
const root = toBase64(emptyRoot());
const line = good.slice(good.indexOf('\u2014'));

describe('a note that is refused', () => {
  it.each([
    ['nothing', ''],
    ['no blank line', good.replace('\n\n', '\n')],
    ['no signature', good.slice(0, good.indexOf('\u2014'))],
    ['no line feed at the end', good.slice(0, -1)],
    ['a carriage return', good.replace('\n', '\r\n')],
    ['a tab', good.replace('example', 'exam\tple')],
    ['a control character of the second block', good.replace('example', 'exam\u0085ple')],
    ['half a surrogate pair', good.replace('example', '\ud800')],
    ['a hyphen for the dash', good.replace('\u2014', '-')],
    ['a double space', good.replace('\u2014 ', '\u2014  ')],
    ['a signature that is no base64', good.replace(/\S+\n$/, '!!!!\n')],
    ['a signature of four bytes', good.replace(/\S+\n$/, 'AAAAAA==\n')],
    ['a plus in the key name', good.replace('\u2014 example', '\u2014 ex+mple')],
    ['129 signatures', good + line.repeat(128)],
    ['70,000 characters', `${'x'.repeat(70_000)}\n\n${line}`],
  ])('%s', (_, source) => {
    expect(() => parseSignedNote(source)).toThrow(expect.objectContaining({ code: 'LEDGER.NOTE' }) as Error);
  });

  it('is accepted without those faults, alone or with 128 signatures', () => {
    expect(parseSignedNote(good).signatures).toHaveLength(1);
    expect(parseSignedNote(good + line.repeat(127)).signatures).toHaveLength(128);
    expect(parseSignatureLine(line)).toEqual(parseSignatureLine(line.trimEnd()));
  });
});

describe('a checkpoint that is refused', () => {
  it.each([
    ['a leading zero', ['a', '01', root], 'size'],
    ['a sign', ['a', '+1', root], 'size'],
    ['a size beyond 2^53', ['a', '9007199254740992', root], 'size'],
    ['a hexadecimal size', ['a', '0x1', root], 'size'],
    ['a short root', ['a', '1', 'AAAA'], 'checkpoint.root'],
    ['a root in another spelling', ['a', '1', root.replace('=', '')], 'checkpoint.root'],
    ['a name with a space', ['a b', '1', root], 'origin'],
    ['an extension line', ['a', '1', root, 'more'], 'lines'],
    ['a missing line', ['a', '1'], 'lines'],
  ])('%s', (_, lines, field) => {
    expect(() => parseCheckpoint(`${lines.join('\n')}\n\n${line}`)).toThrow(
      expect.objectContaining({
        code: 'LEDGER.CHECKPOINT',
        details: expect.objectContaining({ field }) as unknown,
      }) as Error,
    );
  });
});

describe('a verifier key that is refused', () => {
  const key = formatNoteKey(noteKeyOf(log.public, 'log'));
  const [name, id, encoded] = key.split(/\+/, 3) as [string, string, string];
  it.each([
    ['nothing', ''],
    ['no key', `${name}+${id}`],
    ['another id', `${name}+00000000+${encoded}`],
    ['another name', `other+${id}+${encoded}`],
    ['an id in capitals', key.replace(id, id.toUpperCase())],
    ['an unknown type', `${name}+${id}+${toBase64(new Uint8Array(33).fill(2))}`],
    ['a small-order key', `${name}+${id}+${toBase64(Uint8Array.of(1, 1, ...new Uint8Array(31)))}`],
    ['no base64', `${name}+${id}+???`],
  ])('%s', (_, text) => {
    expect(() => parseNoteKey(text)).toThrow(expect.objectContaining({ code: 'LEDGER.NOTE_KEY' }) as Error);
  });

  it('is accepted with white space around it', () => {
    expect(parseNoteKey(`${key}\n`)).toEqual(noteKeyOf(log.public, 'log'));
  });
});
