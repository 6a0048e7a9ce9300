import { type EndpointAccess } from '@fedistl/protocol';
import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { requestContext } from '../http/request-context';
import { AccessError } from './access.errors';
import { Authenticator } from './authenticator';
import { bearerTokenOf, hashOfToken } from './bearer-token';
import { type Principal } from './principal';
import { type AddressedRequest, addressOf, RequestRates } from './request-rates';

const accessMetadata = 'fedistl:access';

/** Who may call a handler that is not in the protocol's table; `@Endpoint` sets the same. */
export const Access = (access: EndpointAccess & { readonly rate?: 'tight' }): MethodDecorator =>
  SetMetadata(accessMetadata, access);

/** @throws AccessError `ACCESS.FORBIDDEN`, `SITE.NOT_APPROVED` */
export function checkAccess(principal: Principal, access: EndpointAccess): void {
  if (principal.kind === 'site') {
    if (access.site === undefined) throw new AccessError('ACCESS.FORBIDDEN', 'expected a person, got a site');
    if (access.site === 'approved' && principal.state !== 'approved') {
      throw new AccessError(
        'SITE.NOT_APPROVED',
        `expected an approved site, got ${principal.siteId}, which is pending`,
      );
    }
  } else if (access.people?.includes(principal.role) !== true) {
    const expected = access.people === undefined ? 'a site' : `the role ${access.people.join(' or ')}`;
    throw new AccessError('ACCESS.FORBIDDEN', `expected ${expected}, got the role ${principal.role}`);
  }
}

/** Rate, then identity, then right. A handler without a description of its access is closed to everybody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly rates: RequestRates,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AddressedRequest>();
    const access = this.reflector.get<(EndpointAccess & { rate?: 'tight' }) | undefined>(
      accessMetadata,
      context.getHandler(),
    );
    if (access === undefined) throw new AccessError('ACCESS.FORBIDDEN', 'expected an endpoint that is open, got none');
    if (access.rate === 'tight') this.rates.login(addressOf(request));
    if (access.people === undefined && access.site === undefined) {
      this.rates.request(addressOf(request));
      return true;
    }
    checkAccess(await this.identify(request), access);
    return true;
  }

  /** Who makes the request; kept in its context. Bad tokens count as logins of the address. */
  async identify(request: AddressedRequest): Promise<Principal> {
    const token = bearerTokenOf(request.headers.authorization);
    this.rates.request(token === undefined ? addressOf(request) : hashOfToken(token));
    try {
      const principal = await this.authenticator.authenticate(token);
      requestContext(request).principal = principal;
      return principal;
    } catch (error) {
      if (error instanceof AccessError && error.code === 'ACCESS.BAD_TOKEN') this.rates.login(addressOf(request));
      throw error;
    }
  }
}
