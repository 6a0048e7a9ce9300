import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseBlobHash, parseModelHash, parseSiteId } from '@fedistl/core';
import {
  type Envelope,
  fingerprintOf,
  formatNoteKey,
  Identity,
  noteKeyOf,
  parsePublicIdentity,
  type PublicIdentity,
  publicIdentityToJson,
  readPayload,
  sha256Hex,
} from '@fedistl/crypto';
import { planUpdateForm, writeInitialModel } from '@fedistl/distl';
import {
  type EndpointName,
  endpoints,
  type EvaluationOrder,
  type EvaluationReport,
  type EvaluationWithdrawalRequest,
  openMessage,
  parseMessage,
  planHash,
  type RoundManifest,
  type SiteWork,
  signMessage,
  type StudyPlan,
  type UpdateManifest,
  type WithdrawalRequest,
} from '@fedistl/protocol';
import { FileStore } from '@tus/file-store';
import { Server as TusServer } from '@tus/server';
import { type z } from 'zod';
import { SpecRefusal } from './spec-refusal';

type Work = z.input<(typeof endpoints)['siteWork']['answer']>['work'][number];
type Handler = (body: unknown, request: IncomingMessage) => unknown;

/**
 * Speaks to one node as a coordinator does, over real HTTP with the real schemas, signatures and uploads, and decides nothing:
 * a spec says which work there is and looks at what came. The real one is met in test/e2e.
 */
export class SpecCoordinator {
  readonly identity = Identity.generate('coordinator');
  readonly directory = mkdtempSync(path.join(tmpdir(), 'fedistl-spec-coordinator-'));
  readonly updates: UpdateManifest[] = [];
  readonly envelopes: Envelope[] = [];
  readonly reports: EvaluationReport[] = [];
  readonly withdrawals: WithdrawalRequest[] = [];
  readonly evaluationWithdrawals: EvaluationWithdrawalRequest[] = [];
  readonly participations: unknown[] = [];
  readonly heartbeats: unknown[] = [];
  readonly blobs = new Map<string, Buffer>();
  /** Bytes of all requests' bodies and uploads, to be searched. */
  readonly received: Buffer[] = [];
  work: Work[] = [];
  /** How often a node asked for work. */
  workCalls = 0;
  plan: StudyPlan;
  siteState: 'pending' | 'approved' | 'revoked' = 'approved';
  /** Called before an answer; may throw `SpecRefusal`. */
  beforeAnswer: (name: EndpointName) => void = () => undefined;
  site: PublicIdentity | undefined;
  initialModel = '';
  readonly #http: Server;
  readonly #tus: TusServer;
  #challenge = 0;

  private constructor(plan: StudyPlan) {
    this.plan = plan;
    this.#tus = new TusServer({
      path: '/api/v1/uploads',
      datastore: new FileStore({ directory: path.join(this.directory, 'uploads') }),
      relativeLocation: true,
      onUploadFinish: (_, response, upload) => {
        const content = readFileSync(path.join(this.directory, 'uploads', upload.id));
        const hash = upload.metadata?.['sha256'] ?? '';
        this.received.push(content);
        if (sha256Hex(content) === hash) this.blobs.set(hash, content);
        return Promise.resolve(response);
      },
    });
    this.#http = createServer((request, response) => {
      void this.#handle(request, response);
    });
  }

  static async start(plan: StudyPlan): Promise<SpecCoordinator> {
    const coordinator = new SpecCoordinator(plan);
    const file = path.join(coordinator.directory, 'initial.safetensors');
    await writeInitialModel(plan, file);
    coordinator.initialModel = coordinator.addBlob(readFileSync(file));
    await new Promise<void>((resolve) => coordinator.#http.listen(0, '127.0.0.1', resolve));
    return coordinator;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
    rmSync(this.directory, { recursive: true });
  }

  addBlob(content: Buffer): string {
    const hash = sha256Hex(content);
    this.blobs.set(hash, content);
    return hash;
  }

  manifest(changes: Partial<RoundManifest> = {}): RoundManifest {
    const generation = changes.generation ?? 0;
    return {
      type: 'round-manifest',
      version: 1,
      studyId: this.plan.studyId,
      generation,
      round: 1,
      attempt: 1,
      planHash: planHash(this.plan),
      teacherHash: generation === 0 ? null : parseModelHash(this.initialModel),
      studentHash: parseModelHash(this.initialModel),
      centreHash: null,
      layoutHash: parseBlobHash(planUpdateForm(this.plan, generation).layoutHash),
      modelIndex: 1,
      aggregationMode: 'plain',
      sites: [parseSiteId('site-a')],
      issuedAt: new Date().toISOString(),
      deadlineAt: new Date(Date.now() + 3_600_000).toISOString(),
      ...changes,
    };
  }

  /** Asks for a round and nothing else. */
  askRound(changes: Partial<RoundManifest> = {}, signer = this.identity): void {
    this.work = [{ kind: 'round', manifest: wire(signMessage(this.manifest(changes), signer)) }];
  }

  askEvaluation(changes: Partial<EvaluationOrder> = {}): void {
    const order: EvaluationOrder = {
      type: 'evaluation-order',
      version: 1,
      studyId: this.plan.studyId,
      generation: 0,
      planHash: planHash(this.plan),
      candidateHash: parseModelHash(this.initialModel),
      referenceHash: parseModelHash(this.initialModel),
      modelIndex: 2,
      sites: [parseSiteId('site-a')],
      issuedAt: new Date().toISOString(),
      deadlineAt: new Date(Date.now() + 3_600_000).toISOString(),
      ...changes,
    };
    this.work = [{ kind: 'evaluation', order: wire(signMessage(order, this.identity)) }];
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    if (url.pathname.startsWith('/api/v1/uploads')) {
      await this.#tus.handle(request, response);
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    this.received.push(body);
    try {
      const blob = /^\/api\/v1\/blobs\/([0-9a-f]{64})$/.exec(url.pathname)?.[1];
      if (blob !== undefined) this.#sendBlob(blob, request, response);
      else this.#answer(url.pathname, body.toString(), request, response);
    } catch (error) {
      const { status, code } = error instanceof SpecRefusal ? error : { status: 500, code: 'SPEC.DEFECT' };
      const message = error instanceof Error ? error.message : String(error);
      const answer = { type: 'error', version: 1, code, message, correlationId: 'spec' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
  }

  #answer(pathname: string, text: string, request: IncomingMessage, response: ServerResponse): void {
    const found = (Object.keys(endpoints) as EndpointName[]).find((name) => {
      const pattern = `^/api/v1${endpoints[name].path.replace(/:\w+/g, '[^/]+')}$`;
      return endpoints[name].method === request.method && new RegExp(pattern).test(pathname);
    });
    const handler = found === undefined ? undefined : this.#handlers[found];
    if (found === undefined || handler === undefined) throw new SpecRefusal(404, 'HTTP.NOT_FOUND');
    const endpoint: { body?: z.ZodType; answer: z.ZodType | string } = endpoints[found];
    const body = endpoint.body === undefined ? undefined : endpoint.body.parse(JSON.parse(text));
    this.beforeAnswer(found);
    const answer = handler(body, request);
    if (typeof endpoint.answer !== 'string') endpoint.answer.parse(answer);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #sendBlob(hash: string, request: IncomingMessage, response: ServerResponse): void {
    const content = this.blobs.get(hash);
    if (content === undefined) throw new SpecRefusal(404, 'BLOB.NOT_FOUND');
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = content.subarray(from);
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': rest.length }).end(rest);
  }

  get #card() {
    return {
      identity: publicIdentityToJson(this.identity.public),
      fingerprint: fingerprintOf(this.identity.public),
      ledgerKey: formatNoteKey(noteKeyOf(this.identity.public, 'log')),
      version: '0.1.0',
    };
  }

  #open<T extends 'update-manifest' | 'evaluation-report' | 'site-login'>(type: T, envelope: Envelope) {
    return openMessage(type, envelope, { keys: this.site === undefined ? [] : [this.site] });
  }

  readonly #handlers: Partial<Record<EndpointName, Handler>> = {
    coordinatorCard: () => this.#card,
    enrol: (body) => {
      const { envelope } = body as { envelope: Envelope };
      const { identity } = parseMessage('site-enrolment', readPayload(envelope));
      this.site = parsePublicIdentity(identity);
      openMessage('site-enrolment', envelope, { keys: [this.site] });
      return { siteId: 'site-a', state: 'pending', coordinator: this.#card };
    },
    challenge: () => ({
      challenge: (++this.#challenge).toString(16).padStart(64, '0'),
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    }),
    login: (body) => {
      this.#open('site-login', (body as { envelope: Envelope }).envelope);
      return { token: 'token', expiresAt: new Date(Date.now() + 900_000).toISOString() };
    },
    siteSelf: () => ({ siteId: 'site-a', displayName: 'Site A', state: this.siteState }),
    heartbeat: (body) => {
      this.heartbeats.push(body);
      return { serverTime: new Date().toISOString(), intervalSeconds: 30 };
    },
    siteStudies: () => ({
      studies: [
        {
          studyId: this.plan.studyId,
          title: this.plan.title,
          state: 'running',
          planHash: planHash(this.plan),
          plan: wire(signMessage(this.plan, this.identity)),
          joined: this.participations.length > 0,
        },
      ],
    }),
    joinStudy: (body) => {
      this.participations.push(body);
      return { studyId: this.plan.studyId };
    },
    siteWork: () => {
      this.workCalls++;
      return { work: this.work };
    },
    submitUpdate: (body) => {
      const { envelope } = body as { envelope: Envelope };
      const update = this.#open('update-manifest', envelope);
      if (!this.blobs.has(update.payload.blobHash)) throw new SpecRefusal(404, 'BLOB.NOT_FOUND');
      const duplicate = this.updates.some(({ nonce }) => nonce === update.nonce);
      this.updates.push(update);
      this.envelopes.push(envelope);
      this.work = [];
      return { accepted: true, duplicate };
    },
    withdraw: (body) => {
      this.withdrawals.push(body as WithdrawalRequest);
      return {};
    },
    submitEvaluation: (body) => {
      this.reports.push(this.#open('evaluation-report', (body as { envelope: Envelope }).envelope));
      this.work = [];
      return { accepted: true, duplicate: false };
    },
    withdrawEvaluation: (body) => {
      this.evaluationWithdrawals.push(body as EvaluationWithdrawalRequest);
      this.work = [];
      return {};
    },
  };
}

/** An envelope as JSON has it. */
function wire(envelope: Envelope) {
  return { ...envelope, signatures: [...envelope.signatures] };
}

export type { SiteWork };
