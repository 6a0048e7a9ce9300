import { Injectable } from '@nestjs/common';

/** What time it is; specs bring their own. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
