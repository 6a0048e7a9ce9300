import { type IncomingMessage } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestContext } from '../http/request-context';
import { AccessError } from './access.errors';
import { type PersonPrincipal, type Principal, type SitePrincipal } from './principal';

function principalOf(context: ExecutionContext): Principal {
  const principal = requestContext(context.switchToHttp().getRequest<IncomingMessage>()).principal;
  if (principal === undefined) throw new AccessError('ACCESS.NO_TOKEN', 'expected a bearer token, got none');
  return principal;
}

/** Whoever makes the request: a person or a site. */
export const CurrentPrincipal = createParamDecorator((_data: unknown, context: ExecutionContext): Principal =>
  principalOf(context),
);

/** The site that makes the request; its endpoint lets only sites in. */
export const CurrentSite = createParamDecorator((_data: unknown, context: ExecutionContext): SitePrincipal => {
  const principal = principalOf(context);
  if (principal.kind === 'site') return principal;
  throw new AccessError('ACCESS.FORBIDDEN', 'expected the token of a site, got that of a person');
});

/** The person who makes the request; its endpoint lets only people in. */
export const CurrentPerson = createParamDecorator((_data: unknown, context: ExecutionContext): PersonPrincipal => {
  const principal = principalOf(context);
  if (principal.kind === 'person') return principal;
  throw new AccessError('ACCESS.FORBIDDEN', 'expected the token of a person, got that of a site');
});
