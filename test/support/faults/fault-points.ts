/** Whose process is killed. */
export type Victim = 'coordinator' | 'node';

export interface FaultPoint {
  readonly victim: Victim;
  readonly name: string;
  /** For docs/reliability.md: what was done just before. */
  readonly after: string;
}

const coordinator = (name: string, after: string): FaultPoint => ({ victim: 'coordinator', name, after });
/** A step that is a transaction: killed right before its commit, and right after it. */
const transaction = (name: string, what: string): FaultPoint[] => [
  coordinator(`${name}.uncommitted`, `${what}, not committed`),
  coordinator(name, `${what}, committed`),
];
const node = (name: string, after: string): FaultPoint => ({ victim: 'node', name, after });

/** Every named step of a round, in its order. A test holds this list against the sources. */
export const faultPoints: readonly FaultPoint[] = [
  ...transaction('coordinator.study-started', 'the study was started and its first round planned'),
  ...transaction('coordinator.manifest-published', 'a round was opened and its manifest signed'),
  node('node.manifest-saved', 'the manifest was checked and kept'),
  node('node.weights-downloaded', 'the weights were downloaded'),
  node('node.training-started', 'the training process was started'),
  node('node.training-step', 'a training step was done (the training process is killed)'),
  node('train-round.update-written', "the update's file was written (the training process is killed)"),
  node('train-round.result-written', "the round's result was written (the training process is killed)"),
  node('node.training-done', 'training ended'),
  node('node.update-signed', 'the update was signed and kept'),
  coordinator('upload.received', 'the last byte of an upload came'),
  coordinator('upload.stored', 'the blob was moved to its place'),
  coordinator('upload.recorded', 'the blob was recorded'),
  node('node.update-uploaded', 'the update was uploaded'),
  coordinator('coordinator.update-stored', 'the update was checked'),
  ...transaction('coordinator.update-accepted', 'the update was accepted'),
  node('node.update-submitted', 'the update was acknowledged'),
  coordinator('coordinator.aggregation-started', 'combining began'),
  coordinator('close-round.student-written', "the next student's file was written"),
  coordinator('close-round.teacher-written', "the next teacher's file was written"),
  coordinator('coordinator.aggregation-written', 'student, teacher, centre and moments are in the store'),
  ...transaction('coordinator.round-completed', 'the round was completed'),
  ...transaction('coordinator.order-published', 'the evaluation was ordered'),
  node('node.evaluation-signed', 'the report was signed and kept'),
  ...transaction('coordinator.evaluation-accepted', 'a report was accepted'),
  node('node.evaluation-submitted', 'the report was acknowledged'),
  ...transaction('coordinator.promoted', 'the candidate became the teacher'),
  ...transaction('coordinator.study-completed', 'the study ended'),
];

/** Named steps of what only people do; they are no part of a round. */
export const notOfARound: readonly string[] = ['coordinator.rolled-back'];
