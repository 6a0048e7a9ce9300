/** What a call asks of `fetch`. */
export interface FetchRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A redirection would carry the token to another place. */
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** The part of `fetch` that calls need: the global one, or that of a route ('@fedistl/client/node'). */
export type Fetch = (url: string, request: FetchRequest) => Promise<Response>;
