/** Where a call's bearer token comes from. */
export interface TokenSource {
  /** The token to send now. */
  token(): Promise<string>;
  /** Called when the coordinator answered 401 to `refused`; a new token, or null when there is no other. */
  renew(refused: string): Promise<string | null>;
}

/** A person's token: it does not change, and a refusal is final. */
export function fixedToken(token: string): TokenSource {
  return { token: () => Promise.resolve(token), renew: () => Promise.resolve(null) };
}
