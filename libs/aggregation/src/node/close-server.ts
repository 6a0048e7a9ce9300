import { type TensorForm } from '@fedistl/core';
import { type StudyPlan } from '@fedistl/protocol';
import { type UpdateForm } from '../close/update-form';
import { keptMoments, stepServer } from '../server/server-optimiser';
import { type ModelFile, type Piece } from './close-files';

/** Tensors of the file of moments that the plan's optimiser keeps, each a flat vector over the exchanged values. */
export function momentsForm({ aggregation }: StudyPlan, { exchange }: UpdateForm): TensorForm[] {
  const kept = keptMoments(aggregation.serverOptimiser);
  const names = [...(kept.first ? ['first'] : []), ...(kept.second ? ['second'] : [])];
  return names.map((name) => ({ name, dtype: 'F32', shape: [exchange.parameters] }));
}

export interface ServerSideOptions {
  readonly plan: StudyPlan;
  readonly form: UpdateForm;
  /** At the round's start. */
  readonly student: ModelFile;
  /** Null: they start at zero. */
  readonly moments: ModelFile | null;
  readonly delta: Float32Array;
  readonly step: number;
}

interface Stepped {
  readonly parameters: Float32Array;
  readonly first: Float32Array | null;
  readonly second: Float32Array | null;
}

/**
 * The server's optimiser over a model on disk, a piece at a time. Student and moments go into different files, so each piece
 * is computed once for either: cheaper than holding both.
 */
export class ServerSide {
  constructor(private readonly options: ServerSideOptions) {}

  /** The next student's values. Those that do not travel stay. */
  async student(piece: Piece): Promise<Float32Array> {
    const { form, student } = this.options;
    const parameters = await student.read(piece);
    if (!form.exchange.layout.has(piece.name)) return parameters;
    const { offset } = form.exchange.layout.entry(piece.name);
    return (await this.#step(offset + piece.first, parameters)).parameters;
  }

  /** The next moments: a piece of the vector `first` or `second`. They do not depend on the parameters. */
  async moment({ name, first, count }: Piece): Promise<Float32Array> {
    const stepped = await this.#step(first, new Float32Array(count));
    return (name === 'first' ? stepped.first : stepped.second) ?? new Float32Array(count);
  }

  async #step(at: number, parameters: Float32Array): Promise<Stepped> {
    const { plan, delta, step, moments } = this.options;
    const { serverOptimiser } = plan.aggregation;
    const kept = keptMoments(serverOptimiser);
    const count = parameters.length;
    const moment = (name: string): Promise<Float32Array> =>
      moments === null ? Promise.resolve(new Float32Array(count)) : moments.read({ name, first: at, count });
    const stepped = {
      parameters,
      first: kept.first ? await moment('first') : null,
      second: kept.second ? await moment('second') : null,
    };
    stepServer(serverOptimiser, { ...stepped, delta: delta.subarray(at, at + count), step });
    return stepped;
  }
}
