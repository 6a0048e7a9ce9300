import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** Key and certificate in PEM, as a TLS server takes them. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Something encoded by DER (X.690): tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...content: Buffer[]): Buffer => der(0x30, ...content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const nameOf = (text: string): Buffer => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(text)))));
const time = (date: Date): Buffer => der(0x17, Buffer.from(`${date.toISOString().replace(/^..|[-:T]|\..*/g, '')}Z`));

/** basicConstraints: an authority. */
const IS_AUTHORITY = sequence(
  oid('551d13'),
  der(0x01, Buffer.from([0xff])),
  der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
);
/** subjectAltName: the hosts that a server answers for. */
const answersFor = (hosts: readonly string[]): Buffer =>
  sequence(
    oid('551d11'),
    der(
      0x04,
      sequence(
        ...hosts.map((host) =>
          isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
        ),
      ),
    ),
  );

/** A certificate authority of a test's own (X.509 v3, RFC 5280; ECDSA over P-256), valid for a day around now. */
export class TestAuthority {
  /** Its own certificate in PEM. */
  readonly cert: string;
  readonly #key: KeyObject;

  constructor(private readonly name = 'Hospital Authority') {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = pair.privateKey;
    this.cert = this.#certificate(name, pair.publicKey, IS_AUTHORITY);
  }

  /** For a server that answers for these names and IPv4 addresses. */
  issue(...hosts: string[]): TestCertificate {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { key, cert: this.#certificate(hosts[0] ?? 'server', publicKey, answersFor(hosts)) };
  }

  #certificate(subject: string, publicKey: KeyObject, extension: Buffer): string {
    const day = 86_400_000;
    const content = sequence(
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.from([1, ...Array.from({ length: 8 }, () => Math.floor(Math.random() * 256))])),
      ECDSA_SHA256,
      nameOf(this.name),
      sequence(time(new Date(Date.now() - day)), time(new Date(Date.now() + day))),
      nameOf(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, sequence(extension)),
    );
    const signature = der(0x03, Buffer.from([0]), sign('sha256', content, this.#key));
    const base64 = sequence(content, ECDSA_SHA256, signature).toString('base64');
    const text = (base64.match(/.{1,64}/g) ?? []).join('\n');
    return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  }
}
