import { parseSiteId } from '@fedistl/core';
import { Identity } from '@fedistl/crypto';
import { z } from 'zod';
import { signMessage } from '../messages/signed-message';
import { ProtocolError } from '../protocol.errors';
import { endpoints } from './endpoints';
import { createEnrolmentCode, enrolmentCodeHash } from './enrolment-code';
import { envelopeSchema } from './envelope.schema';

const site = Identity.generate('seoul');
const envelope = signMessage(
  {
    type: 'site-login',
    version: 1,
    siteId: parseSiteId('seoul'),
    challenge: 'a'.repeat(64),
    coordinatorKey: site.keyId,
    createdAt: '2026-01-01T00:00:00Z',
  },
  site,
);

describe('enrolment codes', () => {
  it('are read however a person types them', () => {
    const code = createEnrolmentCode();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){3}$/);
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    expect(enrolmentCodeHash(typed)).toBe(enrolmentCodeHash(code));
    expect(enrolmentCodeHash(createEnrolmentCode())).not.toBe(enrolmentCodeHash(code));
  });

  it.each(['', '7K2QF', `${'7'.repeat(20)}7`, 'u'.repeat(20), '!'.repeat(20)])('refuses %j', (text) => {
    expect(() => enrolmentCodeHash(text)).toThrow(ProtocolError);
  });
});

describe('envelopes in a body', () => {
  it('are kept as they are', () => {
    expect(envelopeSchema.parse(JSON.parse(JSON.stringify(envelope)))).toEqual(envelope);
  });

  it.each([
    ['an unknown member', { ...envelope, extra: 1 }],
    ['no signature', { ...envelope, signatures: [] }],
    ['a payload that is not base64', { ...envelope, payload: '###' }],
    ['a short signature', { ...envelope, signatures: [{ keyid: site.keyId, sig: 'AAAA' }] }],
  ])('are refused with %s', (_what, value) => {
    expect(envelopeSchema.safeParse(value).success).toBe(false);
  });
});

describe('endpoints', () => {
  const all = Object.entries(endpoints);

  it('have a method and path of their own', () => {
    const routes = all.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  it.each(all)('%s has schemas that can be published', (_name, endpoint) => {
    for (const part of ['body', 'query', 'answer'] as const) {
      const schema = (endpoint as Record<string, unknown>)[part];
      if (schema instanceof z.ZodType) expect(z.toJSONSchema(schema, { io: 'input' })).toHaveProperty('type');
    }
  });

  it('let nobody but administrators make tokens, and no proposer decide by role alone', () => {
    expect(endpoints.createToken.access).toEqual({ people: ['administrator'] });
    expect(endpoints.approveProposal.access.people).not.toContain('study-lead');
  });
});
