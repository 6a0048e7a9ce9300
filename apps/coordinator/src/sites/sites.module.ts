import { Module } from '@nestjs/common';
import { ConnectedSites } from '../sockets/connected-sites';
import { EnrolmentService } from './enrolment.service';
import { SessionCleaner } from './session-cleaner';
import { SiteLoginController } from './site-login.controller';
import { SiteRevocation } from './site-revocation';
import { SiteSessionService } from './site-session.service';
import { SitesController } from './sites.controller';
import { SitesService } from './sites.service';

@Module({
  controllers: [SiteLoginController, SitesController],
  providers: [EnrolmentService, SiteSessionService, SitesService, SiteRevocation, SessionCleaner, ConnectedSites],
  exports: [SitesService, SiteRevocation, ConnectedSites],
})
export class SitesModule {}
