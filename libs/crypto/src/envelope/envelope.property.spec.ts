import { canonicalJson } from '@fedistl/core';
import fc from 'fast-check';
import { fromBase64, toBase64 } from '../encoding/base64';
import { Identity } from '../identity/identity';
import { verifyEd25519Native } from '../node/native-ed25519';
import { type Envelope, parseEnvelope } from './envelope';
import { payloadType } from './payload-type';
import { createEnvelope } from './sign-envelope';
import { openEnvelope, verifyEnvelope } from './verify-envelope';

const numRuns = process.env['SLOW'] === undefined ? 10 : 100;
const signer = Identity.fromSecrets('site-a', {
  signingSeed: new Uint8Array(32).fill(1),
  boxSecret: new Uint8Array(32).fill(2),
});
const type = payloadType('update');
const trust = { payloadType: type, keys: [signer.public], verify: verifyEd25519Native };

/** JSON values without what canonical JSON refuses: lone surrogates; and without -0, which JSON writes as 0. */
const json = fc.jsonValue({ noUnicodeString: false }).filter((value) => {
  const text = JSON.stringify(value);
  return !/\\ud[89a-f]/i.test(text);
});

describe('any payload', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(json, (payload) => {
        const opened = openEnvelope(
          parseEnvelope(JSON.parse(JSON.stringify(createEnvelope(type, payload, signer)))),
          trust,
        );
        expect(opened).toMatchObject({ verified: true });
        expect(opened.verified && canonicalJson(opened.payload)).toBe(canonicalJson(payload));
      }),
      { numRuns },
    );
  });
});

describe('any change', () => {
  const envelope = createEnvelope(type, { round: 'r1', hash: 'ab'.repeat(32), images: 1200 }, signer);

  it('of one byte of the payload or the signature is seen', () => {
    const changed = (base64: string, at: number) => {
      const bytes = fromBase64(base64);
      bytes[at]! ^= 0x01;
      return toBase64(bytes);
    };
    const { payload, signatures } = envelope;
    for (let at = 0; at < fromBase64(payload).length; at++) {
      expect(verifyEnvelope({ ...envelope, payload: changed(payload, at) }, trust)).toBe(false);
    }
    for (let at = 0; at < 64; at++) {
      const { keyid, sig } = signatures[0]!;
      expect(verifyEnvelope({ ...envelope, signatures: [{ keyid, sig: changed(sig, at) }] }, trust)).toBe(false);
    }
  });

  it('of one character of the JSON text is seen, or changes nothing', () => {
    const text = JSON.stringify(envelope);
    for (let at = 0; at < text.length; at++) {
      for (const by of [1, 2]) {
        const other = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ by) + text.slice(at + 1);
        expect(accepts(other) ? parseEnvelope(JSON.parse(other)) : envelope).toEqual(envelope);
      }
    }
  });

  /** Whether a text from the wire would be believed. */
  function accepts(text: string): boolean {
    let parsed: Envelope;
    try {
      parsed = parseEnvelope(JSON.parse(text));
    } catch {
      return false;
    }
    return verifyEnvelope(parsed, trust);
  }
});
