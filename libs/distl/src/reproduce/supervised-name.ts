/** Which labels a supervised network is trained on: those that DISTL has, or all of the training set. */
export type SupervisedKind = 'supervised' | 'all-labels';

export function supervisedName(seed: number, kind: SupervisedKind): string {
  return `seed-${seed}/${kind}`;
}
