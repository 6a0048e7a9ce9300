import { type KeyFingerprint, type SiteId } from '@fedistl/core';
import { type Envelope, type Signer } from '@fedistl/crypto';
import { type ParsedAnswer, type RequestBody } from '@fedistl/protocol';
import { EndpointCaller } from '../rest/endpoint-caller';
import { RestClient, type RestClientOptions } from '../rest/rest-client';
import { type TokenSource } from '../rest/token-source';
import { SiteSession } from './site-session';

export interface SiteClientOptions extends Omit<RestClientOptions, 'tokens'> {
  readonly siteId: SiteId;
  readonly signer: Signer;
  /** Key of the pinned coordinator. */
  readonly coordinatorKey: KeyFingerprint;
}

/**
 * Everything that a hospital's node asks of its coordinator; logs in by itself. All calls may be repeated: the coordinator
 * answers the same again. Throws as `RestClient.call`.
 */
export class SiteClient {
  readonly rest: RestClient;
  /** For uploads, downloads and the socket, which carry the same token. */
  readonly tokens: TokenSource;
  readonly #api: EndpointCaller;

  constructor({ siteId, signer, coordinatorKey, ...options }: SiteClientOptions) {
    const api = new EndpointCaller(new RestClient(options));
    this.tokens = new SiteSession({ siteId, signer, coordinatorKey, api });
    this.rest = new RestClient({ ...options, tokens: this.tokens });
    this.#api = new EndpointCaller(this.rest);
  }

  self(): Promise<ParsedAnswer<'siteSelf'>> {
    return this.#api.call('siteSelf');
  }

  heartbeat(body: RequestBody<'heartbeat'>): Promise<ParsedAnswer<'heartbeat'>> {
    return this.#api.call('heartbeat', { body, repeatable: true });
  }

  studies(): Promise<ParsedAnswer<'siteStudies'>> {
    return this.#api.call('siteStudies');
  }

  joinStudy(studyId: string, body: RequestBody<'joinStudy'>): Promise<ParsedAnswer<'joinStudy'>> {
    return this.#api.call('joinStudy', { params: { studyId }, body });
  }

  work(): Promise<ParsedAnswer<'siteWork'>> {
    return this.#api.call('siteWork');
  }

  submitUpdate(envelope: Envelope): Promise<ParsedAnswer<'submitUpdate'>> {
    return this.#api.call('submitUpdate', { body: { envelope }, repeatable: true });
  }

  withdraw(body: RequestBody<'withdraw'>): Promise<ParsedAnswer<'withdraw'>> {
    return this.#api.call('withdraw', { body, repeatable: true });
  }

  submitEvaluation(envelope: Envelope): Promise<ParsedAnswer<'submitEvaluation'>> {
    return this.#api.call('submitEvaluation', { body: { envelope }, repeatable: true });
  }

  withdrawEvaluation(body: RequestBody<'withdrawEvaluation'>): Promise<ParsedAnswer<'withdrawEvaluation'>> {
    return this.#api.call('withdrawEvaluation', { body, repeatable: true });
  }

  /** Where the bytes of a blob are; see `downloadBlob` of '@fedistl/client/node'. */
  blobAddress(hash: string): string {
    return this.rest.address(`/blobs/${encodeURIComponent(hash)}`);
  }

  /** Where updates are uploaded; see `uploadBlob` of '@fedistl/client/node'. */
  get uploadAddress(): string {
    return this.rest.address('/uploads');
  }
}
