import { type Endpoint, endpoints, errorBodySchema } from '@fedistl/protocol';
import { z } from 'zod';
import { coordinatorVersion } from '../identity/coordinator-card';
import { transferPaths } from './transfer-paths';

/** A JSON value of the document; OpenAPI 3.1 schemas are JSON Schema 2020-12, as zod writes it. */
export type Json = Record<string, unknown>;

/** What goes over the wire: branded ids and envelopes are plain JSON there, hence the input side of each schema. */
export function wireSchema(schema: z.ZodType): Json {
  const rest = { ...(z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }) as Json) };
  delete rest['$schema'];
  return rest;
}

/** The OpenAPI document of every JSON call, made from the table that the server routes by; blobs and uploads beside it. */
export function openApiDocument(serverUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const path = endpoint.path.replace(/:([A-Za-z]+)/g, '{$1}');
    (paths[path] ??= {})[endpoint.method.toLowerCase()] = operation(name, endpoint);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'fedistl coordinator',
      version: coordinatorVersion,
      description: 'Federated DISTL: studies, sites, rounds, models, evaluations and the ledger.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    components: {
      securitySchemes: {
        person: { type: 'http', scheme: 'bearer', description: "a person's token, bound to a role" },
        site: { type: 'http', scheme: 'bearer', description: 'the token of a site session' },
      },
      schemas: { Error: wireSchema(errorBodySchema) },
    },
    paths: { ...paths, ...transferPaths },
  };
}

function operation(name: string, endpoint: Endpoint): Json {
  const { summary, access, body, status, answer } = endpoint;
  const [mediaType, schema] =
    typeof answer === 'string' ? [answer, { type: 'string' }] : ['application/json', wireSchema(answer)];
  const roles = access.people === undefined ? '' : ` Roles: ${access.people.join(', ')}.`;
  const site = access.site === undefined ? '' : ` Sites: ${access.site}.`;
  return {
    operationId: name,
    summary,
    description: `${summary}.${roles}${site}`,
    security: [
      ...(access.people === undefined ? [] : [{ person: [] }]),
      ...(access.site === undefined ? [] : [{ site: [] }]),
    ],
    parameters: [...pathParameters(endpoint.path), ...queryParameters(endpoint.query)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: wireSchema(body) } } } }),
    responses: {
      [status]: { description: 'done', content: { [mediaType]: { schema } } },
      default: {
        description: 'refused',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (query === undefined) return [];
  const { properties, required = [] } = wireSchema(query) as { properties: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}
