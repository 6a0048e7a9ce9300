import { type StudyPlan } from './study-plan.schema';

/** What the plan fixes for one generation. */
export interface GenerationRules {
  readonly rounds: number;
  /** Fewest updates that a round may close with, at its deadline. */
  readonly minimumSites: number;
  /** Updates that close a round at once. */
  readonly quorum: number;
  /** K, local steps of every site in a round. */
  readonly stepsPerRound: number;
}

/** Generation 0 has rules of its own: often only a few sites hold labels. */
export function generationRules({ schedule, training }: StudyPlan, generation: number): GenerationRules {
  const { rounds, minimumSites, quorum } =
    generation === 0 ? schedule.initial : { ...schedule, rounds: schedule.roundsPerGeneration };
  const { stepsPerRound } = generation === 0 ? training.initial : training.generation;
  return { rounds, minimumSites, quorum, stepsPerRound };
}
