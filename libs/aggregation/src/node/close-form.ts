import { type StudyPlan } from '@fedistl/protocol';
import { type UpdateForm, updateForm } from '../close/update-form';
import { ModelFile } from './close-files';

/**
 * The form of updates of a model on disk; its header alone is read. Manifest and check of the updates take layout hash,
 * number of values and length of the centre from here.
 *
 * @throws AggregationError `AGGREGATION.BAD_MODEL`, `AGGREGATION.NO_LAST_LAYER`; FileError, SafetensorsError
 */
export async function readUpdateForm(plan: StudyPlan, generation: number, model: string): Promise<UpdateForm> {
  const file = await ModelFile.open(model);
  try {
    return updateForm(plan, generation, file.tensors);
  } finally {
    await file.close();
  }
}
