import { toBase64 } from '../encoding/base64';
import { utf8 } from '../encoding/bytes';
import { Identity } from '../identity/identity';
import { parseEnvelope } from './envelope';
import { payloadType, parsePayloadType } from './payload-type';
import { preAuthenticationEncoding } from './pae';
import { createEnvelope } from './sign-envelope';
import { openEnvelope, readPayload } from './verify-envelope';

const signer = Identity.fromSecrets('site-a', {
  signingSeed: new Uint8Array(32).fill(1),
  boxSecret: new Uint8Array(32).fill(2),
});
const good = createEnvelope(payloadType('update'), { a: 1 }, signer);
const signature = good.signatures[0]!;

describe('an envelope that is refused by its form', () => {
  it.each([
    ['a text', 'x', 'envelope'],
    ['null', null, 'envelope'],
    ['an array', [], 'envelope'],
    ['an unknown field', { ...good, extra: 1 }, 'envelope.extra'],
    ['no payload', { ...good, payload: undefined }, 'envelope.payload'],
    ['a payload that is no base64', { ...good, payload: 'a b=' }, 'envelope.payload'],
    ['a payload in two alphabets', { ...good, payload: '+-AA' }, 'envelope.payload'],
    ['a payload without its padding', { ...good, payload: 'QQ' }, 'envelope.payload'],
    ['a payload with other unused bits', { ...good, payload: 'QR==' }, 'envelope.payload'],
    ['a number for a type', { ...good, payloadType: 1 }, 'envelope.payloadType'],
    ['no signatures', { ...good, signatures: [] }, 'envelope.signatures'],
    ['too many signatures', { ...good, signatures: Array(65).fill(signature) }, 'envelope.signatures'],
    ['signatures that are no list', { ...good, signatures: signature }, 'envelope.signatures'],
    ['no key id', { ...good, signatures: [{ sig: signature.sig }] }, 'envelope.signatures[0].keyid'],
    [
      'another key id',
      { ...good, signatures: [signature, { ...signature, keyid: 'A'.repeat(64) }] },
      'envelope.signatures[1].keyid',
    ],
    ['a short signature', { ...good, signatures: [{ ...signature, sig: 'AAAA' }] }, 'envelope.signatures[0].sig'],
    [
      'an unknown field of a signature',
      { ...good, signatures: [{ ...signature, cert: '' }] },
      'envelope.signatures[0].cert',
    ],
  ])('%s', (_, value, field) => {
    expect(() => parseEnvelope(value)).toThrow(
      expect.objectContaining({
        code: 'ENVELOPE.MALFORMED',
        details: expect.objectContaining({ field }) as unknown,
      }) as Error,
    );
  });
});

describe('a payload that is refused though its signature holds', () => {
  const sealed = (bytes: Uint8Array) => ({
    payloadType: good.payloadType,
    payload: toBase64(bytes),
    signatures: [
      { keyid: signer.keyId, sig: toBase64(signer.sign(preAuthenticationEncoding(good.payloadType, bytes))) },
    ],
  });
  it.each([
    ['white space', utf8('{"a": 1}')],
    ['members in another order', utf8('{"b":1,"a":1}')],
    ['a member twice', utf8('{"a":1,"a":2}')],
    ['a number in another spelling', utf8('{"a":1.0}')],
    ['no JSON', utf8('{')],
    ['nothing', new Uint8Array()],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['a byte order mark', utf8('\ufeff{"a":1}')],
    ['half a surrogate pair', utf8('"\\ud800"')],
  ])('%s', (_, bytes) => {
    const envelope = sealed(bytes);
    const refusal = expect.objectContaining({ code: 'ENVELOPE.PAYLOAD' }) as Error;
    expect(() => openEnvelope(envelope, { payloadType: payloadType('update'), keys: [signer.public] })).toThrow(
      refusal,
    );
    expect(() => readPayload(envelope)).toThrow(refusal);
  });
});

describe('a payload type', () => {
  it.each(['', 'Update', 'up date', '-update', 'update/x', 'a'.repeat(65)])('of kind %p is refused', (kind) => {
    expect(() => payloadType(kind)).toThrow(expect.objectContaining({ code: 'ENVELOPE.PAYLOAD_TYPE' }) as Error);
  });

  it.each([0, 1.5, -1, 10_000])('of version %p is refused', (version) => {
    expect(() => payloadType('update', version)).toThrow(
      expect.objectContaining({ code: 'ENVELOPE.PAYLOAD_TYPE' }) as Error,
    );
  });

  it('outside our domain is refused', () => {
    expect(() => parsePayloadType('application/vnd.in-toto+json')).toThrow(
      expect.objectContaining({ code: 'ENVELOPE.PAYLOAD_TYPE' }) as Error,
    );
  });
});
