import { type z } from 'zod';
import { type PersonRole, personRoleSchema } from './people.schema';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Who may call: a person by role, a site by state. Neither: anyone. */
export interface EndpointAccess {
  readonly people?: readonly PersonRole[];
  /** `enrolled` lets a site in that waits for its approval. */
  readonly site?: 'enrolled' | 'approved';
}

/** One call of the REST API, under `/api/v1`. Server, client and the OpenAPI document are made from the same table. */
export interface Endpoint {
  readonly method: HttpMethod;
  /** Express notation: `/sites/:siteId`. */
  readonly path: string;
  readonly summary: string;
  readonly access: EndpointAccess;
  /** Login and enrolment are limited more tightly. */
  readonly rate?: 'tight';
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  /** Status of success. */
  readonly status: 200 | 201;
  /** Schema of the JSON answer, or the media type of one that is not JSON. */
  readonly answer: z.ZodType | string;
}

export const anyone: EndpointAccess = {};
export const readers: EndpointAccess = { people: personRoleSchema.options };
export const readersAndSites: EndpointAccess = { people: personRoleSchema.options, site: 'approved' };
export const administrators: EndpointAccess = { people: ['administrator'] };
export const studyLeads: EndpointAccess = { people: ['study-lead'] };
export const reviewers: EndpointAccess = { people: ['reviewer'] };
export const proposers: EndpointAccess = { people: ['study-lead', 'administrator'] };
export const deciders: EndpointAccess = { people: ['reviewer', 'administrator'] };
export const enrolledSites: EndpointAccess = { site: 'enrolled' };
export const approvedSites: EndpointAccess = { site: 'approved' };
