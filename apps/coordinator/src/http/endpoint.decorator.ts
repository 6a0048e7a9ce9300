import { type Endpoint as EndpointDescription, type EndpointName, endpoints } from '@fedistl/protocol';
import {
  applyDecorators,
  Body,
  HttpCode,
  Param,
  Query,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  type PipeTransform,
} from '@nestjs/common';
import { type z } from 'zod';
import { Access } from '../access/access.guard';
import { SchemaPipe } from './schema.pipe';

export const endpointMetadata = 'fedistl:endpoint';

/** The entry of the protocol's table, in its general form. */
export function endpointOf(name: EndpointName): EndpointDescription {
  return endpoints[name];
}

/** Method, path, status and access of a handler, all from the protocol's table. The controller has no prefix of its own. */
export function Endpoint(name: EndpointName): MethodDecorator {
  const { method, path, status, access, rate } = endpointOf(name);
  return applyDecorators(
    RequestMapping({ method: RequestMethod[method], path }),
    HttpCode(status),
    SetMetadata(endpointMetadata, name),
    Access({ ...access, ...(rate === undefined ? {} : { rate }) }),
  );
}

/** The body, parsed by the endpoint's schema: a `ParsedBody<name>`. */
export function EndpointBody(name: EndpointName): ParameterDecorator {
  return Body(new SchemaPipe(schemaOf(name, 'body'), 'request body'));
}

/** The query string, parsed by the endpoint's schema: a `ParsedQuery<name>`. */
export function EndpointQuery(name: EndpointName): ParameterDecorator {
  return Query(new SchemaPipe(schemaOf(name, 'query'), 'query'));
}

/** One part of the path, through a parser of core such as `parseStudyId`. */
export function PathParameter(name: string, parse: (value: unknown) => unknown): ParameterDecorator {
  const pipe: PipeTransform = { transform: (value: unknown) => parse(value) };
  return Param(name, pipe);
}

function schemaOf(name: EndpointName, part: 'body' | 'query'): z.ZodType {
  const schema = endpointOf(name)[part];
  if (schema === undefined) throw new TypeError(`endpoint ${name} has no ${part}`);
  return schema;
}
