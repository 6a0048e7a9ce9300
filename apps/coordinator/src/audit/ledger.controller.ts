import { Readable } from 'node:stream';
import { type Answer, type ParsedQuery } from '@fedistl/protocol';
import { Controller, StreamableFile } from '@nestjs/common';
import { Endpoint, EndpointQuery } from '../http/endpoint.decorator';
import { AuditService } from './audit.service';

@Controller()
export class LedgerController {
  constructor(private readonly audit: AuditService) {}

  @Endpoint('ledgerCheckpoint')
  checkpoint(): Promise<Answer<'ledgerCheckpoint'>> {
    return this.audit.checkpoint();
  }

  @Endpoint('ledgerExport')
  export(): StreamableFile {
    return new StreamableFile(Readable.from(this.audit.export(), { objectMode: false }), {
      type: 'application/jsonl',
      disposition: 'attachment; filename="ledger.jsonl"',
    });
  }

  @Endpoint('ledgerInclusion')
  inclusion(
    @EndpointQuery('ledgerInclusion') query: ParsedQuery<'ledgerInclusion'>,
  ): Promise<Answer<'ledgerInclusion'>> {
    return this.audit.inclusion(query.index, query.size);
  }

  @Endpoint('ledgerConsistency')
  consistency(
    @EndpointQuery('ledgerConsistency') query: ParsedQuery<'ledgerConsistency'>,
  ): Promise<Answer<'ledgerConsistency'>> {
    return this.audit.consistency(query.from, query.to);
  }
}
