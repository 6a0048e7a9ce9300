import { parseJson, parseStudyId } from '@fedistl/core';
import { readTextFile } from '@fedistl/core/node';
import { type DataSet, parsePixelSpec, type PixelSpec, pixelSpecText } from '@fedistl/imaging';
import { demoPlan, parseMessage, referencePlan, type StudyPlan } from '@fedistl/protocol';

/** Flags that change a plan. */
export interface PlanFlags {
  /** `demo`, `reference`, or a file. */
  readonly plan: string;
  readonly generations?: number;
  readonly rounds?: number;
  readonly seed?: number;
}

const builtIn: Readonly<Record<string, typeof demoPlan>> = { demo: demoPlan, reference: referencePlan };

/** A study plan file. @throws ProtocolError `PROTOCOL.INVALID_MESSAGE`; JsonError; FileError */
export async function readPlanFile({ plan }: PlanFlags): Promise<StudyPlan | undefined> {
  if (Object.hasOwn(builtIn, plan)) return undefined;
  return parseMessage('study-plan', parseJson(await readTextFile(plan)));
}

/** Pixels to open the data set with: those of a plan file; a built-in plan takes what there is. */
export function pixelsOf(plan: StudyPlan | undefined): PixelSpec | undefined {
  return plan === undefined ? undefined : parsePixelSpec(plan.training.views.pixels);
}

/** A built-in plan for a data set and a number of sites. */
export function builtInPlan({ plan }: PlanFlags, dataSet: DataSet, sites: number): StudyPlan {
  const finding = dataSet.positive ?? 'finding';
  const make = builtIn[plan] ?? demoPlan;
  const made = make({
    studyId: parseStudyId('simulation'),
    title: `simulation on ${dataSet.name}`,
    finding,
    createdAt: '2000-01-01T00:00:00Z',
  });
  const few = (count: number): number => Math.min(count, sites);
  const { schedule, training, acceptance } = made;
  const closing = { minimumSites: few(schedule.minimumSites), quorum: Math.max(few(schedule.minimumSites), sites) };
  return {
    ...made,
    schedule: { ...schedule, ...closing, initial: { ...schedule.initial, minimumSites: 1 } },
    training: { ...training, views: { ...training.views, pixels: pixelSpecText(dataSet.pixels) } },
    acceptance: { ...acceptance, minimumSites: few(acceptance.minimumSites) },
  };
}

/**
 * The plan with what the flags change, checked again: other rounds must fit the plan's epochs.
 *
 * @throws ProtocolError `PROTOCOL.INVALID_MESSAGE`
 */
export function changedPlan(plan: StudyPlan, { generations, rounds, seed }: PlanFlags): StudyPlan {
  const { schedule, training } = plan;
  return parseMessage('study-plan', {
    ...plan,
    schedule: {
      ...schedule,
      generations: generations ?? schedule.generations,
      roundsPerGeneration: rounds ?? schedule.roundsPerGeneration,
    },
    training: { ...training, seed: seed ?? training.seed },
  });
}
