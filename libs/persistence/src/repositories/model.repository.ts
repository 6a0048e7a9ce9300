import { type ModelHash, type StudyId } from '@fedistl/core';
import { type EntityManager } from 'typeorm';
import { Model, type ModelKind, type ModelState } from '../entities/model.entity';
import { insertRowOnce, type Row } from './row';

/** The registry of models with their lineage. */
export class ModelRepository {
  constructor(private readonly manager: EntityManager) {}

  /** In the order in which they were made. */
  list(studyId: StudyId): Promise<Model[]> {
    return this.manager.find(Model, {
      where: { studyId },
      order: { generation: 'ASC', round: 'ASC', kind: 'ASC' },
    });
  }

  /** Every entry with these bytes, in any study. */
  withHash(modelHash: ModelHash): Promise<Model[]> {
    return this.manager.find(Model, { where: { modelHash }, order: { createdAt: 'ASC', kind: 'ASC' } });
  }

  find(studyId: StudyId, modelHash: ModelHash, kind: ModelKind): Promise<Model | null> {
    return this.manager.findOneBy(Model, { studyId, modelHash, kind });
  }

  /** Adds an entry; the first of the same bytes and kind stays. */
  async insert(model: Row<Model>): Promise<void> {
    await insertRowOnce(this.manager, Model, model);
  }

  async mark(id: string, state: ModelState, modelIndex: number, at: Date | null): Promise<void> {
    await this.manager.update(Model, { id }, { state, modelIndex, ...(at === null ? {} : { decidedAt: at }) });
  }
}
