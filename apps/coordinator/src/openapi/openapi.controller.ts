import { type ServerResponse } from 'node:http';
import { apiBasePath } from '@fedistl/protocol';
import { Controller, Get, Header, Res } from '@nestjs/common';
import { Access } from '../access/access.guard';
import { openApiDocument } from './openapi-document';
import { documentationPage } from './documentation-page';

const serialised = JSON.stringify(openApiDocument(apiBasePath));

@Controller()
export class OpenApiController {
  @Get('openapi.json')
  @Access({})
  @Header('cache-control', 'no-cache')
  document(@Res() response: ServerResponse): void {
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(serialised);
  }

  /** The same as a page to read; it loads nothing from anywhere. */
  @Get('docs')
  @Access({})
  page(@Res() response: ServerResponse): void {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(documentationPage());
  }
}
