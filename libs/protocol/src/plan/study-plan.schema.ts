import { z } from 'zod';
import { instantSchema, lineSchema, positiveCountSchema, studyIdSchema } from '../messages/primitives';
import { acceptancePlanSchema } from './acceptance-plan.schema';
import { aggregationPlanSchema } from './aggregation-plan.schema';
import { modelPlanSchema, trainingPlanSchema } from './training-plan.schema';
import { transferPlanSchema } from './transfer-plan.schema';

const closing = { minimumSites: positiveCountSchema, quorum: positiveCountSchema };

/** When a round closes. `quorum` updates close it at once; at the deadline `minimumSites` are enough. */
export const schedulePlanSchema = z
  .strictObject({
    /** Generation 0, of the sites that hold labels. */
    initial: z
      .strictObject({ rounds: z.int().min(1).max(10_000), ...closing })
      .refine((initial) => initial.minimumSites <= initial.quorum, 'expected minimumSites <= quorum'),
    /** Generations after the supervised generation 0; what follows is theirs. */
    generations: z.int().min(0).max(1000),
    roundsPerGeneration: z.int().min(1).max(10_000),
    ...closing,
    deadlineSeconds: positiveCountSchema,
    maximumAttempts: z.int().min(1).max(100),
  })
  .refine((schedule) => schedule.minimumSites <= schedule.quorum, 'expected minimumSites <= quorum');

/**
 * How the teacher of a generation moves. `server`: it stands still during a round, then the coordinator moves it by the K
 * steps' worth at once, t = m^K t + (1 - m^K) s. `local`: it follows the student at each site, step by step, as in training
 * at one site (momentum `base` at the first step of the generation or one that leaves `startShare` of the starting teacher at
 * its end, rising to 1 by half a cosine), and its change is sent along, which doubles the traffic.
 */
export const teacherPlanSchema = z.discriminatedUnion('mode', [
  /** 0 copies the student, 1 keeps the teacher for the generation. */
  z.strictObject({ mode: z.literal('server'), momentumPerStep: z.number().min(0).max(1) }),
  z.strictObject({
    mode: z.literal('local'),
    follow: z.union([
      z.strictObject({ base: z.number().min(0).max(1) }),
      z.strictObject({ startShare: z.number().gt(0).lt(1) }),
    ]),
  }),
]);

const planShape = z.strictObject({
  type: z.literal('study-plan'),
  version: z.literal(1),
  studyId: studyIdSchema,
  title: lineSchema,
  task: z.strictObject({ finding: lineSchema, positiveClass: lineSchema, negativeClass: lineSchema }),
  model: modelPlanSchema,
  schedule: schedulePlanSchema,
  training: trainingPlanSchema,
  aggregation: aggregationPlanSchema,
  transfer: transferPlanSchema,
  teacher: teacherPlanSchema,
  /** A union on `mode`: record-level differential privacy will be a second member. */
  privacy: z.discriminatedUnion('mode', [z.strictObject({ mode: z.literal('none') })]),
  acceptance: acceptancePlanSchema,
  createdAt: instantSchema,
});

/** Everything a node does in a study, as data. Signed, and called by the hash of its canonical JSON (`planHash`). */
export const studyPlanSchema = planShape
  .refine(
    ({ schedule, training }) =>
      (schedule.initial.rounds * training.initial.stepsPerRound) % training.initial.epochs === 0,
    {
      path: ['training', 'initial', 'epochs'],
      message: 'expected epochs that divide rounds * stepsPerRound',
    },
  )
  .refine(
    ({ schedule, training }) =>
      (schedule.roundsPerGeneration * training.generation.stepsPerRound) % training.generation.epochs === 0,
    { path: ['training', 'generation', 'epochs'], message: 'expected epochs that divide rounds * stepsPerRound' },
  )
  .refine(
    ({ teacher, transfer }) => teacher.mode === 'server' || transfer.dinoLastLayer !== 'average-normalised-rows',
    {
      path: ['transfer', 'dinoLastLayer'],
      message: 'expected average or exclude with a local teacher: rows are normalised for the student alone',
    },
  );

export type SchedulePlan = z.infer<typeof schedulePlanSchema>;
export type TeacherPlan = z.infer<typeof teacherPlanSchema>;
export type StudyPlan = z.infer<typeof studyPlanSchema>;
