import { type ParsedAnswer, type ProposedAction, type RequestBody } from '@fedistl/protocol';
import { EndpointCaller } from '../rest/endpoint-caller';
import { RestClient, type RestClientOptions } from '../rest/rest-client';
import { fixedToken, type TokenSource } from '../rest/token-source';

export type PeopleClientOptions = Omit<RestClientOptions, 'tokens'> & { readonly token: string };

/** Everything that a person may ask of a coordinator; who may what is the coordinator's to say. Throws as `RestClient.call`. */
export class PeopleClient {
  readonly rest: RestClient;
  /** For uploads and downloads, which carry the same token. */
  readonly tokens: TokenSource;
  readonly #api: EndpointCaller;

  constructor({ token, ...options }: PeopleClientOptions) {
    this.tokens = fixedToken(token);
    this.rest = new RestClient({ ...options, tokens: this.tokens });
    this.#api = new EndpointCaller(this.rest);
  }

  me(): Promise<ParsedAnswer<'me'>> {
    return this.#api.call('me');
  }

  coordinatorCard(): Promise<ParsedAnswer<'coordinatorCard'>> {
    return this.#api.call('coordinatorCard');
  }

  listTokens(): Promise<ParsedAnswer<'listTokens'>> {
    return this.#api.call('listTokens');
  }

  createToken(body: RequestBody<'createToken'>): Promise<ParsedAnswer<'createToken'>> {
    return this.#api.call('createToken', { body });
  }

  revokeToken(id: string): Promise<ParsedAnswer<'revokeToken'>> {
    return this.#api.call('revokeToken', { params: { id } });
  }

  createEnrolmentCode(body: RequestBody<'createEnrolmentCode'>): Promise<ParsedAnswer<'createEnrolmentCode'>> {
    return this.#api.call('createEnrolmentCode', { body });
  }

  listSites(): Promise<ParsedAnswer<'listSites'>> {
    return this.#api.call('listSites');
  }

  showSite(siteId: string): Promise<ParsedAnswer<'showSite'>> {
    return this.#api.call('showSite', { params: { siteId } });
  }

  /** @param fingerprint as the hospital read it out */
  approveSite(siteId: string, fingerprint: string): Promise<ParsedAnswer<'approveSite'>> {
    return this.#api.call('approveSite', { params: { siteId }, body: { fingerprint }, repeatable: true });
  }

  createStudy(body: RequestBody<'createStudy'>): Promise<ParsedAnswer<'createStudy'>> {
    return this.#api.call('createStudy', { body });
  }

  listStudies(): Promise<ParsedAnswer<'listStudies'>> {
    return this.#api.call('listStudies');
  }

  showStudy(studyId: string): Promise<ParsedAnswer<'showStudy'>> {
    return this.#api.call('showStudy', { params: { studyId } });
  }

  approveStudy(studyId: string): Promise<ParsedAnswer<'approveStudy'>> {
    return this.#api.call('approveStudy', { params: { studyId } });
  }

  startStudy(studyId: string): Promise<ParsedAnswer<'startStudy'>> {
    return this.#api.call('startStudy', { params: { studyId } });
  }

  pauseStudy(studyId: string): Promise<ParsedAnswer<'pauseStudy'>> {
    return this.#api.call('pauseStudy', { params: { studyId } });
  }

  resumeStudy(studyId: string): Promise<ParsedAnswer<'resumeStudy'>> {
    return this.#api.call('resumeStudy', { params: { studyId } });
  }

  cancelStudy(studyId: string): Promise<ParsedAnswer<'cancelStudy'>> {
    return this.#api.call('cancelStudy', { params: { studyId } });
  }

  studyPlan(studyId: string): Promise<ParsedAnswer<'studyPlan'>> {
    return this.#api.call('studyPlan', { params: { studyId } });
  }

  studyRounds(studyId: string): Promise<ParsedAnswer<'studyRounds'>> {
    return this.#api.call('studyRounds', { params: { studyId } });
  }

  studyModels(studyId: string): Promise<ParsedAnswer<'studyModels'>> {
    return this.#api.call('studyModels', { params: { studyId } });
  }

  studyEvaluations(studyId: string): Promise<ParsedAnswer<'studyEvaluations'>> {
    return this.#api.call('studyEvaluations', { params: { studyId } });
  }

  showModel(hash: string): Promise<ParsedAnswer<'showModel'>> {
    return this.#api.call('showModel', { params: { hash } });
  }

  propose(proposal: ProposedAction, reason: string): Promise<ParsedAnswer<'propose'>> {
    return this.#api.call('propose', { body: { proposal, reason } });
  }

  listProposals(): Promise<ParsedAnswer<'listProposals'>> {
    return this.#api.call('listProposals');
  }

  approveProposal(id: string, reason: string): Promise<ParsedAnswer<'approveProposal'>> {
    return this.#api.call('approveProposal', { params: { id }, body: { reason } });
  }

  refuseProposal(id: string, reason: string): Promise<ParsedAnswer<'refuseProposal'>> {
    return this.#api.call('refuseProposal', { params: { id }, body: { reason } });
  }

  ledgerCheckpoint(): Promise<ParsedAnswer<'ledgerCheckpoint'>> {
    return this.#api.call('ledgerCheckpoint');
  }

  ledgerInclusion(index: number, size: number): Promise<ParsedAnswer<'ledgerInclusion'>> {
    return this.#api.call('ledgerInclusion', { query: { index, size } });
  }

  ledgerConsistency(from: number, to: number): Promise<ParsedAnswer<'ledgerConsistency'>> {
    return this.#api.call('ledgerConsistency', { query: { from, to } });
  }

  /** The whole ledger, as `fedistl ledger verify` reads it. */
  ledgerExport(): Promise<string> {
    return this.#api.text('ledgerExport');
  }

  /** Where the bytes of a blob are; see `downloadBlob`. */
  blobAddress(hash: string): string {
    return this.rest.address(`/blobs/${encodeURIComponent(hash)}`);
  }

  /** Where blobs are uploaded; see `uploadBlob`. */
  get uploadAddress(): string {
    return this.rest.address('/uploads');
  }
}
