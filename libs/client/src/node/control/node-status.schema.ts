import { siteActivitySchema, sitePolicySchema } from '@fedistl/protocol';
import { z } from 'zod';

const reasonSchema = z.object({ code: z.string(), message: z.string() });
const countsSchema = z.record(z.string(), z.number());

/** What a node tells on its local page, at `GET /status`. Counts and identifiers of the protocol; no image, no path. */
export const nodeStatusSchema = z.object({
  siteId: z.string(),
  /** Eight groups of five digits, to be read out when the site is approved. */
  fingerprint: z.string(),
  software: z.string(),
  coordinator: z.object({
    url: z.string(),
    /** Forward proxy on the way, without user and password; null when straight. */
    proxy: z.string().nullable().default(null),
    fingerprint: z.string(),
    /** `waiting`: not let in yet, or not reachable; the reason says which. */
    link: z.enum(['starting', 'connected', 'waiting']),
    reason: reasonSchema.nullable(),
    socket: z.boolean(),
    lastHeartbeatAt: z.string().nullable(),
  }),
  /** Why a person paused it. */
  paused: z.string().nullable(),
  activity: siteActivitySchema,
  progress: z
    .object({
      step: z.number(),
      steps: z.number(),
      loss: z.number().nullable(),
      imagesPerSecond: z.number().nullable(),
      etaSeconds: z.number().nullable(),
    })
    .nullable(),
  engine: z.object({ name: z.string(), reason: z.string() }),
  /** The policy in force, or why its file cannot be used: then no round is taken. */
  policy: z.union([sitePolicySchema, reasonSchema]),
  studies: z.array(
    z.object({
      studyId: z.string(),
      title: z.string(),
      state: z.string(),
      planHash: z.string(),
      dataSet: z.string().nullable(),
      joined: z.boolean(),
      counts: z.object({ labelled: z.number(), unlabelledByFold: z.array(z.number()), holdOut: z.number() }).nullable(),
      reasons: z.array(reasonSchema),
    }),
  ),
  /** The newest first. */
  rounds: z.array(
    z.object({
      studyId: z.string(),
      generation: z.number(),
      round: z.number(),
      attempt: z.number(),
      stage: z.string(),
      crashes: z.number(),
      reasons: z.array(reasonSchema),
      updatedAt: z.string(),
    }),
  ),
  evaluations: z.array(
    z.object({
      studyId: z.string(),
      generation: z.number(),
      stage: z.string(),
      reasons: z.array(reasonSchema),
      updatedAt: z.string(),
    }),
  ),
  dataSets: z.array(z.object({ name: z.string(), found: z.number(), usable: z.number(), quarantined: countsSchema })),
  egress: z.object({
    entries: z.number(),
    /** SHA-256 of the last line of the ledger. */
    head: z.string(),
    bytesByClass: countsSchema,
  }),
  recent: z.array(z.object({ at: z.string(), level: z.string(), message: z.string(), code: z.string().optional() })),
});

export type NodeStatus = z.infer<typeof nodeStatusSchema>;

/** One line of what left the hospital, at `GET /egress`. */
export const egressAnswerSchema = z.object({
  head: z.string(),
  entries: z.array(
    z.object({
      index: z.number(),
      at: z.string(),
      class: z.string(),
      bytes: z.number(),
      hash: z.string().nullable(),
      purpose: z.string(),
      of: z
        .object({
          studyId: z.string(),
          generation: z.number(),
          round: z.number().nullable(),
          attempt: z.number().nullable(),
        })
        .nullable(),
    }),
  ),
});

export type EgressAnswer = z.infer<typeof egressAnswerSchema>;

/** Where a running node's page is: `control.json` in its data directory, beside `control.token`. */
export const controlFileSchema = z.object({
  format: z.literal('fedistl-node-control/1'),
  /** On loopback: the token goes there. */
  url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/),
  pid: z.number(),
});
