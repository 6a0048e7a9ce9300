import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { CurrentPerson } from '../access/current-principal.decorator';
import { type PersonPrincipal } from '../access/principal';
import { Endpoint, EndpointBody, PathParameter } from '../http/endpoint.decorator';
import { TokenError } from './person.errors';
import { TokensService } from './tokens.service';

@Controller()
export class PeopleController {
  constructor(private readonly tokens: TokensService) {}

  @Endpoint('me')
  me(@CurrentPerson() { id, name, role }: PersonPrincipal): Answer<'me'> {
    return { id, name, role };
  }

  @Endpoint('listTokens')
  list(): Promise<Answer<'listTokens'>> {
    return this.tokens.list();
  }

  @Endpoint('createToken')
  create(
    @EndpointBody('createToken') body: ParsedBody<'createToken'>,
    @CurrentPerson() person: PersonPrincipal,
  ): Promise<Answer<'createToken'>> {
    return this.tokens.create(body, person.name);
  }

  @Endpoint('revokeToken')
  async revoke(@PathParameter('id', parseTokenId) id: string): Promise<Answer<'revokeToken'>> {
    await this.tokens.revoke(id);
    return {};
  }
}

function parseTokenId(value: unknown): string {
  const { success, data } = z.uuid().safeParse(value);
  if (!success) throw new TokenError('TOKEN.NOT_FOUND', 'expected the id of a token (a UUID), got another text');
  return data;
}
