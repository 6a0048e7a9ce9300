import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { apiBasePath } from '@fedistl/protocol';
import { type TestCoordinator } from './test-coordinator';

/** SHA-256 in hexadecimal. */
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** An upload as specs drive it, by bare requests of tus 1.0. */
export class TestUpload {
  constructor(
    private readonly coordinator: TestCoordinator,
    private readonly token: string,
  ) {}

  async create(length: number | string, metadata: Readonly<Record<string, string>>): Promise<Response> {
    const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`);
    return this.fetch('POST', `${apiBasePath}/uploads`, {
      'upload-length': String(length),
      'upload-metadata': pairs.join(','),
    });
  }

  /** @returns path of a new upload */
  async begin(bytes: Uint8Array, metadata: Readonly<Record<string, string>>): Promise<string> {
    const response = await this.create(bytes.length, { sha256: hashOf(bytes), ...metadata });
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
    return new URL(response.headers.get('location') ?? '', this.coordinator.url).pathname;
  }

  /** Where it stands; null when there is no such upload. */
  async offset(path: string): Promise<number | null> {
    const response = await this.fetch('HEAD', path, {});
    return response.ok ? Number(response.headers.get('upload-offset')) : null;
  }

  async append(path: string, offset: number, bytes: Uint8Array): Promise<Response> {
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
    return this.fetch('PATCH', path, headers, bytes);
  }

  /**
   * Announces `length` bytes, sends `bytes` and then nothing.
   *
   * @param cut whether the client cuts the connection itself after a moment
   * @returns when the connection ended
   */
  async stall(
    path: string,
    { offset, length, bytes, cut }: { offset: number; length: number; bytes: Uint8Array; cut: boolean },
  ): Promise<void> {
    const outgoing = request(`${this.coordinator.url}${path}`, {
      method: 'PATCH',
      headers: {
        ...this.headers(),
        'content-type': 'application/offset+octet-stream',
        'upload-offset': offset,
        'content-length': length,
      },
    });
    await new Promise<void>((resolve) => {
      outgoing.once('error', () => {
        resolve();
      });
      outgoing.once('response', (response) => {
        response.resume();
        response.once('close', resolve);
      });
      outgoing.write(bytes, () => {
        if (cut) setTimeout(() => outgoing.destroy(), 100);
      });
    });
  }

  async fetch(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: Uint8Array,
  ): Promise<Response> {
    return fetch(`${this.coordinator.url}${path}`, {
      method,
      headers: { ...this.headers(), ...headers },
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}`, 'tus-resumable': '1.0.0' };
  }
}
