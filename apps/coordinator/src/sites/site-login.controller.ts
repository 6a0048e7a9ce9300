import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { Endpoint, EndpointBody } from '../http/endpoint.decorator';
import { EnrolmentService } from './enrolment.service';
import { SiteSessionService } from './site-session.service';

/** What a node may call before it has a token. */
@Controller()
export class SiteLoginController {
  constructor(
    private readonly enrolment: EnrolmentService,
    private readonly sessions: SiteSessionService,
  ) {}

  @Endpoint('enrol')
  enrol(@EndpointBody('enrol') body: ParsedBody<'enrol'>): Promise<Answer<'enrol'>> {
    return this.enrolment.enrol(body);
  }

  @Endpoint('challenge')
  challenge(@EndpointBody('challenge') body: ParsedBody<'challenge'>): Promise<Answer<'challenge'>> {
    return this.sessions.challenge(body);
  }

  @Endpoint('login')
  login(@EndpointBody('login') body: ParsedBody<'login'>): Promise<Answer<'login'>> {
    return this.sessions.login(body);
  }
}
