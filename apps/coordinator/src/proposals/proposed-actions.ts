import { type ProposedAction } from '@fedistl/protocol';
import { type Actor, type Unit } from '../audit/unit-of-work';

/** Who decided that an action be carried out, and why. */
export interface ActionDecision {
  readonly proposedBy: string;
  readonly decidedBy: Actor;
  readonly reason: string;
}

/** Carries out what two people want. */
export abstract class ProposedActions {
  /** Refuses at once what could not be carried out now, so that nobody decides about nonsense. */
  abstract check(unit: Unit, action: ProposedAction): Promise<void>;

  /** Within the transaction that stores the decision: both happen, or neither. */
  abstract carryOut(unit: Unit, action: ProposedAction, decision: ActionDecision): Promise<void>;
}
