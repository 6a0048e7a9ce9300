import { createRng } from '@fedistl/core';
import { type StudyPlan } from '@fedistl/protocol';
import { saveVit, scaledStart } from '@fedistl/vit';
import { preprocessingNote } from '../inference/preprocessing';
import { planPreprocessing, planVit } from './plan-settings';

/**
 * Writes the model that a study starts from when it starts from random weights: drawn from the plan's seed, so that anyone
 * can make it again, byte for byte. It says how its images are to be prepared; every later model carries that on.
 *
 * @throws FileError
 */
export async function writeInitialModel(plan: StudyPlan, file: string): Promise<void> {
  const config = planVit(plan);
  const values = scaledStart(config, createRng(plan.training.seed).stream('study/weights'));
  const note = { role: 'student', study: plan.studyId, ...preprocessingNote(planPreprocessing(plan)) };
  await saveVit(file, { config, values }, note);
}
