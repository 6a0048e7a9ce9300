import { type z } from 'zod';
import { peopleEndpoints } from './people-endpoints';
import { siteEndpoints } from './site-endpoints';
import { studyEndpoints } from './study-endpoints';

/** Every JSON call of the API by its name; blobs and uploads (tus) stand beside it in docs/adr/0005. */
export const endpoints = { ...siteEndpoints, ...peopleEndpoints, ...studyEndpoints } as const;

export type EndpointName = keyof typeof endpoints;
type Part<N extends EndpointName, K extends string> =
  (typeof endpoints)[N] extends Record<K, infer S extends z.ZodType> ? S : never;

/** A body as a client writes it, and as the server has it after parsing. */
export type RequestBody<N extends EndpointName> = z.input<Part<N, 'body'>>;
export type ParsedBody<N extends EndpointName> = z.output<Part<N, 'body'>>;
export type RequestQuery<N extends EndpointName> = z.input<Part<N, 'query'>>;
export type ParsedQuery<N extends EndpointName> = z.output<Part<N, 'query'>>;
/** An answer as the server writes it, and as a client has it after parsing. */
export type Answer<N extends EndpointName> = z.input<Part<N, 'answer'>>;
export type ParsedAnswer<N extends EndpointName> = z.output<Part<N, 'answer'>>;

/** All calls are below this path. */
export const apiBasePath = '/api/v1';
