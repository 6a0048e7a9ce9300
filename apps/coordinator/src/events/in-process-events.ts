import { Injectable, Logger } from '@nestjs/common';
import { type CoordinatorEvent } from './coordinator-event';
import { type EventListener, Events } from './events';

/** Events within one process. A listener that fails is logged and keeps none of the others from being called. */
@Injectable()
export class InProcessEvents extends Events {
  private readonly logger = new Logger(InProcessEvents.name);
  private readonly listeners = new Set<EventListener>();

  publish(event: CoordinatorEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error(error instanceof Error ? error.stack : String(error), `listener of ${event.type}`);
      }
    }
  }

  subscribe(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
