import { parseWith } from '@fedistl/protocol';
import { type PipeTransform } from '@nestjs/common';
import { type z } from 'zod';

/** Parses a part of the request; a refusal is `PROTOCOL.INVALID_MESSAGE` and names each field. */
export class SchemaPipe implements PipeTransform {
  constructor(
    private readonly schema: z.ZodType,
    private readonly what: string,
  ) {}

  transform(value: unknown): unknown {
    return parseWith(this.schema, value ?? {}, this.what);
  }
}
