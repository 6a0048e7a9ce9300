import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { readTextFile } from '@fedistl/core/node';
import { parseJson } from '@fedistl/core';
import { z } from 'zod';
import { type DataPaths } from '../config/data-paths';
import { writeJsonFile } from '../files/json-file';
import { NodeError } from '../node.errors';
import { PAGE_FILES } from './page-files';

/** What the page shows and what it may do. */
export interface PageSource {
  status(): Promise<unknown>;
  egress(): unknown;
  pause(reason: string): Promise<{ paused: string | null }>;
  resume(): Promise<{ paused: string | null }>;
}

/** Longest request body, bytes. */
const LONGEST_BODY = 4096;
const pauseSchema = z.strictObject({ reason: z.string().trim().min(1).max(300) });

/**
 * The node's own page, on loopback only. A page of another origin can neither read it (the `Host` it was asked under must be
 * this machine's, so a name that was bound to 127.0.0.1 gets nothing) nor act through it (actions need the token of the data
 * directory, and an `Origin` of this page when one is sent).
 */
export class NodePage {
  private constructor(
    private readonly server: Server,
    private readonly token: string,
    private readonly source: PageSource,
    private readonly controlFile: string,
  ) {}

  static async start(paths: DataPaths, port: number, source: PageSource): Promise<NodePage> {
    const token = await controlToken(paths.controlToken);
    const server = createServer();
    const page = new NodePage(server, token, source, paths.control);
    server.on('request', (request, response) => {
      void page.#answer(request, response);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening').catch((cause: unknown) => {
      throw new NodeError('NODE.PAGE_PORT', `expected port ${port} of 127.0.0.1 to be free, it is not`, { cause });
    });
    await writeJsonFile(paths.control, { format: 'fedistl-node-control/1', url: page.url, pid: process.pid });
    return page;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await rm(this.controlFile, { force: true });
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    try {
      await this.#route(request, response);
    } catch {
      // Whatever it was, its message could hold a path.
      if (!response.headersSent) refuse(response, 500, 'NODE.UNEXPECTED', 'the page cannot be made now');
      else response.destroy();
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isOurHost(request.headers.host)) {
      refuse(response, 421, 'NODE.WRONG_HOST', 'expected the address that the node printed');
      return;
    }
    const pathname = (request.url ?? '/').replace(/\?.*$/s, '');
    const file = Object.hasOwn(PAGE_FILES, pathname) ? PAGE_FILES[pathname] : undefined;
    if (request.method === 'GET' && file !== undefined) {
      response.writeHead(200, { 'content-type': file.type }).end(file.content);
      return;
    }
    if (request.method === 'GET' && pathname === '/status') {
      answerJson(response, await this.source.status());
      return;
    }
    if (request.method === 'GET' && pathname === '/egress') {
      answerJson(response, this.source.egress());
      return;
    }
    if (request.method === 'POST' && (pathname === '/pause' || pathname === '/resume')) {
      await this.#act(pathname, request, response);
      return;
    }
    refuse(response, 404, 'NODE.NO_SUCH_PAGE', 'expected /, /status, /egress, /pause or /resume');
  }

  async #act(what: '/pause' | '/resume', request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin } = request.headers;
    const isForeign = origin !== undefined && !this.#isOurHost(origin.replace(/^http:\/\//, ''));
    if (isForeign || !this.#isAuthorised(request.headers.authorization)) {
      refuse(response, 403, 'NODE.NO_TOKEN', 'expected the token of control.token in the data directory');
      return;
    }
    if (what === '/resume') {
      answerJson(response, await this.source.resume());
      return;
    }
    const body = pauseSchema.safeParse(await bodyOf(request));
    if (!body.success) {
      refuse(response, 400, 'NODE.BAD_REQUEST', 'expected a reason of 1 to 300 characters');
      return;
    }
    answerJson(response, await this.source.pause(body.data.reason));
  }

  #isOurHost(host: string | undefined): boolean {
    const { port } = this.server.address() as AddressInfo;
    return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
  }

  #isAuthorised(header: string | undefined): boolean {
    const given = Buffer.from(header ?? '');
    const expected = Buffer.from(`Bearer ${this.token}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const body = { type: 'error', version: 1, code, message, correlationId: 'local' };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The JSON of a short body; undefined for anything else. A longer one is read to its end, so that the refusal arrives. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= LONGEST_BODY) parts.push(part);
  }
  if (bytes > LONGEST_BODY) return undefined;
  try {
    return parseJson(Buffer.concat(parts).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Made once: a page that is open in a browser goes on working after a restart. */
async function controlToken(file: string): Promise<string> {
  try {
    await writeFile(file, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return (await readTextFile(file, { maxBytes: 4096 })).trim();
}
