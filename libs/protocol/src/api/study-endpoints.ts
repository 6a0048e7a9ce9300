import {
  checkpointAnswerSchema,
  consistencyAnswerSchema,
  consistencyQuerySchema,
  inclusionAnswerSchema,
  inclusionQuerySchema,
} from './audit.schema';
import { type Endpoint, readers, readersAndSites, reviewers, studyLeads } from './endpoint';
import { evaluationsAnswerSchema, modelsAnswerSchema, modelViewSchema } from './model.schema';
import {
  roundsAnswerSchema,
  studiesAnswerSchema,
  studyPlanAnswerSchema,
  studyRequestSchema,
  studySchema,
} from './study.schema';

/** What a study lead does to a study. */
const studyAction = (action: string, summary: string) =>
  ({
    method: 'POST',
    path: `/studies/:studyId/${action}`,
    summary,
    access: studyLeads,
    status: 200,
    answer: studySchema,
  }) as const;

/** Something about a study that every person may read. */
const studyReading = <A extends Endpoint['answer']>(part: string, summary: string, answer: A) =>
  ({ method: 'GET', path: `/studies/:studyId${part}`, summary, access: readers, status: 200, answer }) as const;

/** Calls about studies, models and the ledger. */
export const studyEndpoints = {
  createStudy: {
    method: 'POST',
    path: '/studies',
    summary: 'Create a study from a plan and an uploaded initial model',
    access: studyLeads,
    body: studyRequestSchema,
    status: 201,
    answer: studySchema,
  },
  listStudies: {
    method: 'GET',
    path: '/studies',
    summary: 'All studies',
    access: readers,
    status: 200,
    answer: studiesAnswerSchema,
  },
  approveStudy: {
    method: 'POST',
    path: '/studies/:studyId/approve',
    summary: 'Approve the plan of a study that another person created',
    access: reviewers,
    status: 200,
    answer: studySchema,
  },
  startStudy: studyAction('start', 'Start an approved study'),
  pauseStudy: studyAction('pause', 'Open nothing new; a round that is out runs to its end'),
  resumeStudy: studyAction('resume', 'Go on with a paused study'),
  cancelStudy: studyAction('cancel', 'End a study; its models stay'),
  showStudy: studyReading('', 'One study', studySchema),
  studyPlan: studyReading('/plan', 'The signed plan', studyPlanAnswerSchema),
  studyRounds: studyReading('/rounds', 'Rounds in their order', roundsAnswerSchema),
  studyModels: studyReading('/models', 'Models in the order in which they were made', modelsAnswerSchema),
  studyEvaluations: studyReading('/evaluations', 'The cross-site matrix', evaluationsAnswerSchema),
  showModel: {
    method: 'GET',
    path: '/models/:hash',
    summary: "A model's registry entry with its lineage",
    access: readersAndSites,
    status: 200,
    answer: modelViewSchema,
  },
  ledgerCheckpoint: {
    method: 'GET',
    path: '/ledger/checkpoint',
    summary: "The ledger's latest signed tree head",
    access: readersAndSites,
    status: 200,
    answer: checkpointAnswerSchema,
  },
  ledgerExport: {
    method: 'GET',
    path: '/ledger/export',
    summary: 'The whole ledger as a file that `fedistl ledger verify` checks offline',
    access: readersAndSites,
    status: 200,
    answer: 'application/jsonl',
  },
  ledgerInclusion: {
    method: 'GET',
    path: '/ledger/inclusion',
    summary: 'Proof that an entry is in a tree',
    access: readersAndSites,
    query: inclusionQuerySchema,
    status: 200,
    answer: inclusionAnswerSchema,
  },
  ledgerConsistency: {
    method: 'GET',
    path: '/ledger/consistency',
    summary: 'Proof that one tree continues another',
    access: readersAndSites,
    query: consistencyQuerySchema,
    status: 200,
    answer: consistencyAnswerSchema,
  },
} as const satisfies Record<string, Endpoint>;
