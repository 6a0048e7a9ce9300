import { Global, Module } from '@nestjs/common';
import { Clock } from './clock';
import { JobRunner } from './job-runner';

/** Needs `Database` from a global module. */
@Global()
@Module({ providers: [Clock, JobRunner], exports: [Clock, JobRunner] })
export class JobsModule {}
