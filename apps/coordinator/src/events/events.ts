import { type CoordinatorEvent } from './coordinator-event';

export type EventListener = (event: CoordinatorEvent) => void;

/**
 * Announces changes within the coordinator, and later between several of them. Events are hints: they may be lost, so
 * nothing may depend on one. Publish after the transaction has been committed, never inside it.
 */
export abstract class Events {
  abstract publish(event: CoordinatorEvent): void;
  /** @returns a function that ends the subscription */
  abstract subscribe(listener: EventListener): () => void;
}
