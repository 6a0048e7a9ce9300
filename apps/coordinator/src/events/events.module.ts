import { Global, Module } from '@nestjs/common';
import { Events } from './events';
import { InProcessEvents } from './in-process-events';

@Global()
@Module({ providers: [{ provide: Events, useClass: InProcessEvents }], exports: [Events] })
export class EventsModule {}
