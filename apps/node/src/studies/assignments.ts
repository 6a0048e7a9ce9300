import { type StudyId } from '@fedistl/core';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../files/json-file';

const assignmentsSchema = z.strictObject({
  format: z.literal('fedistl-node-studies/1'),
  studies: z.record(
    z.string(),
    z.strictObject({
      /** Name of a data set, as `fedistl dataset list` shows it. */
      dataSet: z.string().min(1),
      /** Class or finding that is label 1; null takes the data set's own. */
      positive: z.string().min(1).nullable().default(null),
    }),
  ),
});

/** Which local images serve a study: the hospital's word, never sent. */
export interface Assignment {
  readonly dataSet: string;
  readonly positive: string | null;
}

export type Assignments = Readonly<Record<string, Assignment>>;

/** The file as it is now; without one no study has images. @throws NodeError `NODE.BAD_FILE` */
export async function readAssignments(file: string): Promise<Assignments> {
  return (await readJsonFile(assignmentsSchema, file, 'studies'))?.studies ?? {};
}

/** Assigns a data set to a study, or another one. */
export async function assignDataSet(file: string, studyId: StudyId, assignment: Assignment): Promise<void> {
  const studies = { ...(await readAssignments(file)), [studyId]: assignment };
  await writeJsonFile(file, { format: 'fedistl-node-studies/1', studies });
}
