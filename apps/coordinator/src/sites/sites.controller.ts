import { parseSiteId, type SiteId } from '@fedistl/core';
import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { CurrentPerson, CurrentSite } from '../access/current-principal.decorator';
import { type PersonPrincipal, type SitePrincipal } from '../access/principal';
import { Endpoint, EndpointBody, PathParameter } from '../http/endpoint.decorator';
import { EnrolmentService } from './enrolment.service';
import { SitesService } from './sites.service';

@Controller()
export class SitesController {
  constructor(
    private readonly sites: SitesService,
    private readonly enrolment: EnrolmentService,
  ) {}

  @Endpoint('createEnrolmentCode')
  createCode(
    @EndpointBody('createEnrolmentCode') body: ParsedBody<'createEnrolmentCode'>,
    @CurrentPerson() person: PersonPrincipal,
  ): Promise<Answer<'createEnrolmentCode'>> {
    return this.enrolment.createCode(body, person.name);
  }

  @Endpoint('listSites')
  list(): Promise<Answer<'listSites'>> {
    return this.sites.list();
  }

  @Endpoint('showSite')
  show(@PathParameter('siteId', parseSiteId) siteId: SiteId): Promise<Answer<'showSite'>> {
    return this.sites.show(siteId);
  }

  @Endpoint('approveSite')
  approve(
    @PathParameter('siteId', parseSiteId) siteId: SiteId,
    @EndpointBody('approveSite') body: ParsedBody<'approveSite'>,
    @CurrentPerson() person: PersonPrincipal,
  ): Promise<Answer<'approveSite'>> {
    return this.sites.approve(siteId, body, person.name);
  }

  @Endpoint('siteSelf')
  self(@CurrentSite() { siteId }: SitePrincipal): Promise<Answer<'siteSelf'>> {
    return this.sites.self(siteId);
  }

  @Endpoint('heartbeat')
  heartbeat(
    @CurrentSite() { siteId }: SitePrincipal,
    @EndpointBody('heartbeat') body: ParsedBody<'heartbeat'>,
  ): Promise<Answer<'heartbeat'>> {
    return this.sites.heartbeat(siteId, body);
  }
}
