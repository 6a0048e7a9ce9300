/** A refusal that the coordinator gives on purpose. */
export class SpecRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super('expected what the spec wants');
  }
}
