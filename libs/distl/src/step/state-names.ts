import { type TensorSpec } from '@fedistl/compute';
import { type ParameterSpec } from '@fedistl/vit';

/** Names of the tensors that training keeps, by role and checkpoint name. */
export const stateName = {
  student: (parameter: string): string => `student.${parameter}`,
  teacher: (parameter: string): string => `teacher.${parameter}`,
  firstMoment: (parameter: string): string => `m.${parameter}`,
  secondMoment: (parameter: string): string => `v.${parameter}`,
  centre: 'centre',
} as const;

/** Everything that a DISTL run keeps between steps. */
export function trainingState(parameters: readonly ParameterSpec[], prototypes: number): TensorSpec[] {
  const trainable = parameters.filter((parameter) => parameter.trainable);
  return [
    ...parameters.map(({ name, shape }) => ({ name: stateName.student(name), shape })),
    ...parameters.map(({ name, shape }) => ({ name: stateName.teacher(name), shape })),
    ...trainable.map(({ name, shape }) => ({ name: stateName.firstMoment(name), shape })),
    ...trainable.map(({ name, shape }) => ({ name: stateName.secondMoment(name), shape })),
    { name: stateName.centre, shape: [1, prototypes] },
  ];
}
