import { Identity } from '@fedistl/crypto';
import { type Answer } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { Endpoint } from '../http/endpoint.decorator';
import { coordinatorCard } from './coordinator-card';

@Controller()
export class IdentityController {
  constructor(private readonly identity: Identity) {}

  @Endpoint('coordinatorCard')
  card(): Answer<'coordinatorCard'> {
    return coordinatorCard(this.identity);
  }
}
