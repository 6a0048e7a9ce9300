import { type KeyFingerprint, parseSiteId, type SiteId } from '@fedistl/core';
import { type Envelope, fingerprintOf, Identity, parsePublicIdentity, randomBytes, toHex } from '@fedistl/crypto';
import { enrolmentCodeHash, type ParsedAnswer, signMessage } from '@fedistl/protocol';
import { type TestCoordinator } from './test-coordinator';

/** A hospital's node as specs need it: keys, enrolment and login. */
export class TestSite {
  readonly siteId: SiteId;
  readonly identity: Identity;

  constructor(
    private readonly coordinator: TestCoordinator,
    name: string,
    identity: Identity = Identity.generate(name),
  ) {
    this.siteId = parseSiteId(name);
    this.identity = identity;
  }

  /** A site that enrolled and was approved. */
  static async approved(coordinator: TestCoordinator, name: string): Promise<TestSite> {
    const site = new TestSite(coordinator, name);
    await site.enrol(await site.code());
    await site.approve();
    return site;
  }

  async code(): Promise<string> {
    const { code } = await this.coordinator.call('createEnrolmentCode', {
      token: this.coordinator.administrator,
      body: { siteId: this.siteId, displayName: `Hospital ${this.siteId}`, validSeconds: 600 },
    });
    return code;
  }

  enrolmentEnvelope(code: string): Envelope {
    return signMessage(
      {
        type: 'site-enrolment',
        version: 1,
        siteId: this.siteId,
        identity: this.identity.toJSON(),
        codeHash: enrolmentCodeHash(code),
        nonce: toHex(randomBytes(16)),
        createdAt: new Date().toISOString(),
      },
      this.identity,
    );
  }

  async enrol(code: string): Promise<ParsedAnswer<'enrol'>> {
    return this.coordinator.call('enrol', { body: { code, envelope: this.enrolmentEnvelope(code) } });
  }

  async approve(): Promise<void> {
    await this.coordinator.call('approveSite', {
      token: this.coordinator.administrator,
      params: { siteId: this.siteId },
      body: { fingerprint: fingerprintOf(this.identity.public) },
    });
  }

  async coordinatorKey(): Promise<KeyFingerprint> {
    const { identity } = await this.coordinator.call('coordinatorCard');
    return parsePublicIdentity(identity).keyId;
  }

  async challenge(): Promise<string> {
    return (await this.coordinator.call('challenge', { body: { siteId: this.siteId } })).challenge;
  }

  async loginEnvelope(
    challenge: string,
    { signer = this.identity, coordinatorKey }: { signer?: Identity; coordinatorKey?: KeyFingerprint } = {},
  ): Promise<Envelope> {
    return signMessage(
      {
        type: 'site-login',
        version: 1,
        siteId: this.siteId,
        challenge,
        coordinatorKey: coordinatorKey ?? (await this.coordinatorKey()),
        createdAt: new Date().toISOString(),
      },
      signer,
    );
  }

  /** Logs in. @returns the bearer token */
  async login(): Promise<string> {
    const envelope = await this.loginEnvelope(await this.challenge());
    return (await this.coordinator.call('login', { body: { envelope } })).token;
  }
}
