import { canonicalJson } from '@fedistl/core';
import { decodeUtf8 } from '../encoding/bytes';
import { fromBase64 } from '../encoding/base64';
import { Identity } from '../identity/identity';
import { parseEnvelope } from './envelope';
import { payloadType } from './payload-type';
import { addSignature, createEnvelope } from './sign-envelope';
import { envelopeSigners, openEnvelope, readPayload, verifyEnvelope } from './verify-envelope';

const seeded = (name: string, fill: number) =>
  Identity.fromSecrets(name, {
    signingSeed: new Uint8Array(32).fill(fill),
    boxSecret: new Uint8Array(32).fill(fill + 1),
  });
const [a, b, c] = [seeded('site-a', 1), seeded('site-b', 10), seeded('site-c', 20)];
const type = payloadType('approval');
const payload = { plan: 'p1', approve: true, at: 12 };

describe('an envelope', () => {
  const envelope = createEnvelope(type, payload, a);

  it('carries canonical JSON and names its type and signer', () => {
    expect(decodeUtf8(fromBase64(envelope.payload))).toBe(canonicalJson(payload));
    expect(envelope.payloadType).toBe('application/vnd.fedistl.approval.v1+json');
    expect(envelope.signatures.map(({ keyid }) => keyid)).toEqual([a.keyId]);
  });

  it('does not depend on the order in which the payload was written', () => {
    expect(createEnvelope(type, { at: 12, approve: true, plan: 'p1' }, a)).toEqual(envelope);
  });

  it('opens for whoever trusts its signer', () => {
    const opened = openEnvelope(envelope, { payloadType: type, keys: [b.public, a.public] });
    expect(opened).toEqual({ verified: true, payload, signers: [a.keyId] });
  });

  it('stays shut for whoever does not, or expects another type or version', () => {
    expect(openEnvelope(envelope, { payloadType: type, keys: [b.public] })).toEqual({ verified: false });
    expect(openEnvelope(envelope, { payloadType: type, keys: [] })).toEqual({ verified: false });
    for (const other of [payloadType('revocation'), payloadType('approval', 2)]) {
      expect(verifyEnvelope(envelope, { payloadType: other, keys: [a.public] })).toBe(false);
      expect(verifyEnvelope({ ...envelope, payloadType: other }, { payloadType: other, keys: [a.public] })).toBe(false);
    }
  });

  it('is not somebody else\u2019s for naming their key id', () => {
    const renamed = { ...envelope, signatures: [{ ...envelope.signatures[0]!, keyid: b.keyId }] };
    expect(verifyEnvelope(renamed, { payloadType: type, keys: [a.public, b.public] })).toBe(false);
  });

  it('passes through JSON and its parser unchanged', () => {
    expect(parseEnvelope(JSON.parse(JSON.stringify(envelope)))).toEqual(envelope);
  });

  it('is read from the URL-safe alphabet too, and then has the standard spelling', () => {
    const urlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
    const spelled = {
      ...envelope,
      payload: urlSafe(envelope.payload),
      signatures: envelope.signatures.map(({ keyid, sig }) => ({ keyid, sig: urlSafe(sig) })),
    };
    expect(JSON.stringify(spelled)).not.toBe(JSON.stringify(envelope));
    expect(parseEnvelope(spelled)).toEqual(envelope);
  });
});

describe('a threshold', () => {
  const both = addSignature(createEnvelope(type, payload, a), b);
  const keys = [a.public, b.public, c.public];

  it('counts different trusted keys', () => {
    expect(envelopeSigners(both, { payloadType: type, keys })).toEqual([a.keyId, b.keyId]);
    expect(verifyEnvelope(both, { payloadType: type, keys, threshold: 2 })).toBe(true);
    expect(verifyEnvelope(both, { payloadType: type, keys, threshold: 3 })).toBe(false);
    expect(verifyEnvelope(both, { payloadType: type, keys: [a.public, c.public], threshold: 2 })).toBe(false);
    expect(addSignature(both, c)).toEqual(createEnvelope(type, payload, [a, b, c]));
  });

  it('counts a key once, however often it signed or is listed', () => {
    const twice = { ...both, signatures: [both.signatures[0]!, both.signatures[0]!] };
    expect(verifyEnvelope(twice, { payloadType: type, keys, threshold: 2 })).toBe(false);
    expect(verifyEnvelope(twice, { payloadType: type, keys: [a.public, a.public], threshold: 2 })).toBe(false);
  });

  it('counts a key once under two names', () => {
    const alias = { ...a.public, name: 'site-z' };
    const once = createEnvelope(type, payload, a);
    expect(verifyEnvelope(once, { payloadType: type, keys: [a.public, alias], threshold: 2 })).toBe(false);
  });

  it.each([0, -1, 1.5, Number.NaN])('of %p is refused', (threshold) => {
    expect(() => verifyEnvelope(both, { payloadType: type, keys, threshold })).toThrow(
      expect.objectContaining({ code: 'ENVELOPE.THRESHOLD' }) as Error,
    );
  });

  it('refuses a second signature of one key, and none at all', () => {
    const signers = expect.objectContaining({ code: 'ENVELOPE.SIGNERS' }) as Error;
    expect(() => addSignature(both, a)).toThrow(signers);
    expect(() => createEnvelope(type, payload, [a, a])).toThrow(signers);
    expect(() => createEnvelope(type, payload, [])).toThrow(signers);
  });
});

describe('readPayload', () => {
  it('reads without asking who signed', () => {
    expect(readPayload(createEnvelope(type, payload, a))).toEqual(payload);
  });
});
