import { type BlobHash, createLayout, type NamedShape, type TensorLayout } from '@fedistl/core';
import { type StudyPlan } from '@fedistl/protocol';
import { type Exchange, layoutHash, planExchange } from '../exchange/exchange';

/** What a site's update in a generation consists of. Site and coordinator each derive it from plan and model. */
export interface UpdateForm {
  /** Of the whole model. */
  readonly layout: TensorLayout;
  readonly layoutHash: BlobHash;
  /** Which of the model's values travel. */
  readonly exchange: Exchange;
  /** Under a local teacher its change follows the student's, in the same layout. */
  readonly sendsTeacher: boolean;
  /** Values of the flat update. */
  readonly parameters: number;
  /** Values of the DINO centre that goes along; 0 in generation 0. */
  readonly centreLength: number;
}

/** A model's tensors in the order in which their values travel: ascending by name, as in its safetensors file. */
export function modelLayout(tensors: Iterable<NamedShape>): TensorLayout {
  return createLayout(
    [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, shape }) => ({ name, shape })),
  );
}

/** @throws AggregationError `AGGREGATION.NO_LAST_LAYER`; LayoutError */
export function updateForm(plan: StudyPlan, generation: number, tensors: Iterable<NamedShape>): UpdateForm {
  const layout = modelLayout(tensors);
  const exchange = planExchange(layout, plan.transfer.dinoLastLayer);
  const sendsTeacher = generation > 0 && plan.teacher.mode === 'local';
  return {
    layout,
    layoutHash: layoutHash(layout),
    exchange,
    sendsTeacher,
    parameters: exchange.parameters * (sendsTeacher ? 2 : 1),
    centreLength: generation === 0 ? 0 : plan.model.dinoHead.outDim,
  };
}
