import { Global, Module } from '@nestjs/common';
import { AccessGuard } from './access.guard';
import { Authenticator } from './authenticator';
import { RequestRates } from './request-rates';

@Global()
@Module({
  providers: [Authenticator, RequestRates, AccessGuard],
  exports: [Authenticator, RequestRates, AccessGuard],
})
export class AccessModule {}
