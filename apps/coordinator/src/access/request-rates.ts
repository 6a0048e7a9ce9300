import { type IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../config/inject-config';
import { type CoordinatorConfig } from '../config/read-config';
import { RateLimiter } from '../http/rate-limiter';

/** Express adds `ip`: the client's address as far as `FEDISTL_TRUST_PROXY` lets a proxy tell it. */
export type AddressedRequest = IncomingMessage & { readonly ip?: string };

export function addressOf(request: AddressedRequest): string {
  return request.ip ?? request.socket.remoteAddress ?? 'unknown';
}

/** The two limits of requests. They live in this process: several coordinators allow as many times more. */
@Injectable()
export class RequestRates {
  private readonly requests: RateLimiter;
  private readonly logins: RateLimiter;

  constructor(@InjectConfig() config: CoordinatorConfig) {
    this.requests = new RateLimiter(config.requestsPerMinute);
    this.logins = new RateLimiter(config.loginsPerMinute);
  }

  /** @param who hash of a token, or an address. @throws RateError */
  request(who: string): void {
    this.requests.take(who);
  }

  /** Enrolment, login, and every token that is not known. @throws RateError */
  login(address: string): void {
    this.logins.take(address);
  }
}
