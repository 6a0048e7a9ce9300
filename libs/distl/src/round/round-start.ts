import { type UpdateForm, updateForm } from '@fedistl/aggregation';
import { canonicalJson, toFloat32 } from '@fedistl/core';
import { readSafetensorsFile } from '@fedistl/core/node';
import { type StudyPlan } from '@fedistl/protocol';
import { loadVit, vitLayout, type VitWeights } from '@fedistl/vit';
import { type RoundKey } from './round-course';
import { planVit } from './plan-settings';
import { RoundError } from './round.errors';
import { type RoundWeights } from './round-update';

/** Files that a round starts from. */
export interface RoundFiles {
  readonly student: string;
  /** Null in generation 0. */
  readonly teacher: string | null;
  /** Null in generation 0, and before the first unlabelled round. */
  readonly centre: string | null;
}

export interface RoundStart extends RoundWeights {
  readonly form: UpdateForm;
  readonly centre: Float32Array;
}

/** What the sites of a study exchange, without a file at hand. The same as `readUpdateForm` of any of its models. */
export function planUpdateForm(plan: StudyPlan, generation: number): UpdateForm {
  return updateForm(plan, generation, vitLayout(planVit(plan)).entries);
}

/**
 * Reads what the round starts from and holds it against the plan. A generation that resets its centre starts from zero.
 *
 * @throws RoundError `ROUND.OTHER_MODEL`, `ROUND.OTHER_CENTRE`; WeightsError, FileError, SafetensorsError
 */
export async function readRoundStart(
  plan: StudyPlan,
  { generation, round }: RoundKey,
  files: RoundFiles,
): Promise<RoundStart> {
  const { outDim } = plan.model.dinoHead;
  const student = (await readPlanModel(plan, files.student, 'student')).values;
  const isUnlabelled = generation > 0;
  if (isUnlabelled !== (files.teacher !== null)) {
    const wanted = isUnlabelled ? 'a teacher' : 'no teacher';
    throw new RoundError(
      'ROUND.OTHER_MODEL',
      `expected ${wanted} in generation ${generation}, got ${files.teacher ?? 'none'}`,
    );
  }
  const teacher = files.teacher === null ? student : (await readPlanModel(plan, files.teacher, 'teacher')).values;
  const starts = round === 1 && plan.training.generation.centreStart === 'reset';
  const centre =
    !isUnlabelled || starts || files.centre === null
      ? new Float32Array(outDim)
      : await readCentreFile(files.centre, outDim);
  return { form: planUpdateForm(plan, generation), student, teacher, centre };
}

/** A model file of the plan's network. @throws RoundError `ROUND.OTHER_MODEL`; WeightsError, FileError */
export async function readPlanModel(plan: StudyPlan, file: string, role: string): Promise<VitWeights> {
  const model = await loadVit(file);
  const [got, expected] = [canonicalJson(model.config), canonicalJson(planVit(plan))];
  if (got === expected) return model;
  throw new RoundError('ROUND.OTHER_MODEL', `expected a ${role} of the plan's network ${expected}, got ${got}`);
}

async function readCentreFile(file: string, outDim: number): Promise<Float32Array> {
  const { tensors } = await readSafetensorsFile(file);
  const centre = tensors.get('centre');
  if (centre?.data.length === outDim) return toFloat32(centre);
  throw new RoundError(
    'ROUND.OTHER_CENTRE',
    `expected a centre of ${outDim} values, got ${centre?.data.length ?? 'none'}`,
  );
}
