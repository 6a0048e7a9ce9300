import { type KeyFingerprint, type SiteId } from '@fedistl/core';
import { type Signer } from '@fedistl/crypto';
import { signMessage } from '@fedistl/protocol';
import { type EndpointCaller } from '../rest/endpoint-caller';
import { type TokenSource } from '../rest/token-source';

export interface SiteSessionOptions {
  readonly siteId: SiteId;
  readonly signer: Signer;
  /** Key of the coordinator that the site pinned: the login is worth nothing to another. */
  readonly coordinatorKey: KeyFingerprint;
  readonly api: EndpointCaller;
  readonly now?: () => Date;
}

/** A token is renewed when less than this is left of it, ms: a call that starts now must not outlive it. */
const MARGIN_MS = 60_000;

/** Logs a site in with its key, keeps the token, and logs in again before it ends or when it is refused. */
export class SiteSession implements TokenSource {
  #token: { readonly text: string; readonly expiresAt: number } | undefined;
  #login: Promise<string> | undefined;

  constructor(private readonly options: SiteSessionOptions) {}

  token(): Promise<string> {
    const now = this.#now().getTime();
    if (this.#token !== undefined && this.#token.expiresAt - now > MARGIN_MS) return Promise.resolve(this.#token.text);
    return this.#once();
  }

  /** Another token than `refused`: the one that a call at the same time has got already, or a new one. */
  renew(refused: string): Promise<string> {
    if (this.#token?.text === refused) this.#token = undefined;
    return this.token();
  }

  /** Calls at the same time share one login. */
  #once(): Promise<string> {
    this.#login ??= this.#logIn().finally(() => {
      this.#login = undefined;
    });
    return this.#login;
  }

  async #logIn(): Promise<string> {
    const { api, siteId, signer, coordinatorKey } = this.options;
    const { challenge } = await api.call('challenge', { body: { siteId }, repeatable: true });
    const createdAt = this.#now().toISOString();
    const login = { type: 'site-login', version: 1, siteId, challenge, coordinatorKey, createdAt } as const;
    const { token, expiresAt } = await api.call('login', { body: { envelope: signMessage(login, signer) } });
    this.#token = { text: token, expiresAt: Date.parse(expiresAt) };
    return token;
  }

  #now(): Date {
    return this.options.now?.() ?? new Date();
  }
}
