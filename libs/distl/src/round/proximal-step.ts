import { type Engine, type Executable, type Program, tf } from '@fedistl/compute';
import { stateName } from '../step/state-names';
import { type TrainingSession } from '../trainer/training-session';

const anchorName = (parameter: string): string => `anchor.${parameter}`;

/**
 * FedProx (Li et al., MLSys 2020): the term mu/2 |s - s0|^2 holds the student near the round's start s0. Taken as a step of
 * its own after each update, s <- s - rate mu (s - s0), as AdamW takes its weight decay (arXiv 1711.05101): inside Adam the
 * pull would be divided by the root of the second moment.
 */
export class ProximalStep {
  private constructor(
    private readonly executable: Executable,
    private readonly anchors: Readonly<Record<string, Float32Array>>,
    private readonly mu: number,
  ) {}

  /** @param start the student at the round's start. @returns undefined where mu is 0 */
  static async open(
    engine: Engine,
    session: TrainingSession,
    start: ReadonlyMap<string, Float32Array>,
    mu: number,
  ): Promise<ProximalStep | undefined> {
    if (mu === 0) return undefined;
    const parameters = session.parameters.filter(({ trainable }) => trainable);
    const program: Program = {
      name: 'proximal-step',
      inputs: [
        { name: 'pull', shape: [1] },
        ...parameters.map(({ name, shape }) => ({ name: anchorName(name), shape })),
      ],
      state: parameters.map(({ name }) => stateName.student(name)),
      body: (inputs, state) => {
        const next = parameters.map(({ name }) => {
          const student = state.get(stateName.student(name));
          const away = tf.sub(student, inputs.get(anchorName(name)));
          return [stateName.student(name), tf.sub(student, tf.mul(away, inputs.get('pull')))] as const;
        });
        return { outputs: { pull: tf.clone(inputs.get('pull')) }, state: new Map(next) };
      },
    };
    const anchors = parameters.map(({ name }) => [anchorName(name), start.get(name) ?? new Float32Array()] as const);
    return new ProximalStep(await engine.compile(program, session.state), Object.fromEntries(anchors), mu);
  }

  async run(learningRate: number): Promise<void> {
    await this.executable.run({ ...this.anchors, pull: Float32Array.of(learningRate * this.mu) });
  }

  async dispose(): Promise<void> {
    await this.executable.dispose();
  }
}
