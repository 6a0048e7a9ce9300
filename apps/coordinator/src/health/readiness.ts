import { Injectable } from '@nestjs/common';

/** Whether the coordinator still takes work. */
@Injectable()
export class Readiness {
  private ended = false;

  get stopping(): boolean {
    return this.ended;
  }

  stop(): void {
    this.ended = true;
  }
}
