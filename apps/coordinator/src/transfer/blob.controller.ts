import { type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type BlobHash, parseBlobHash } from '@fedistl/core';
import { type Blob, BlobStore } from '@fedistl/persistence';
import { personRoleSchema } from '@fedistl/protocol';
import { Controller, Get, Head, Req, Res } from '@nestjs/common';
import { Access } from '../access/access.guard';
import { CurrentPrincipal } from '../access/current-principal.decorator';
import { type Principal } from '../access/principal';
import { PathParameter } from '../http/endpoint.decorator';
import { Metrics } from '../health/metrics';
import { BlobAccess } from './blob-access';
import { type ByteRange, byteRange } from './byte-range';
import { TransferError } from './transfer.errors';

const everybody = { people: personRoleSchema.options, site: 'approved' } as const;

/** Downloads that go on where they were cut (RFC 9110: ranges and conditional requests). The ETag is the hash. */
@Controller()
export class BlobController {
  constructor(
    private readonly access: BlobAccess,
    private readonly blobs: BlobStore,
    private readonly metrics: Metrics,
  ) {}

  @Head('blobs/:hash')
  @Access(everybody)
  async head(
    @PathParameter('hash', parseBlobHash) hash: BlobHash,
    @CurrentPrincipal() principal: Principal,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const blob = await this.access.find(hash, principal);
    describe(response, blob);
    response.setHeader('content-length', blob.byteLength);
    response.end();
  }

  @Get('blobs/:hash')
  @Access(everybody)
  async download(
    @PathParameter('hash', parseBlobHash) hash: BlobHash,
    @CurrentPrincipal() principal: Principal,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const blob = await this.access.find(hash, principal);
    describe(response, blob);
    if (matches(request.headers['if-none-match'], hash)) {
      response.statusCode = 304;
      response.end();
      return;
    }
    const range = byteRange(rangeHeader(request, hash), blob.byteLength);
    if (range === 'unsatisfiable') {
      response.setHeader('content-range', `bytes */${blob.byteLength}`);
      throw new TransferError('BLOB.BAD_RANGE', `expected a range within ${blob.byteLength} bytes, got another`);
    }
    await this.send(response, blob, range);
  }

  private async send(response: ServerResponse, { blobHash, byteLength }: Blob, range?: ByteRange): Promise<void> {
    const length = range === undefined ? byteLength : range.end - range.start + 1;
    const stream = await this.blobs.read(blobHash, range);
    response.statusCode = range === undefined ? 200 : 206;
    if (range !== undefined) response.setHeader('content-range', `bytes ${range.start}-${range.end}/${byteLength}`);
    response.setHeader('content-length', length);
    try {
      await pipeline(stream, response);
      this.metrics.downloadedBytes.inc(length);
    } catch (error) {
      // The reader went away, or was too slow: it comes back for the rest.
      if (!response.destroyed) throw error;
    }
  }
}

function describe(response: ServerResponse, { blobHash }: Blob): void {
  response.setHeader('etag', `"${blobHash}"`);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', 'application/octet-stream');
  // Proxies must not keep models for others; the bytes under a hash never change.
  response.setHeader('cache-control', 'private, max-age=31536000, immutable');
}

function matches(header: string | undefined, hash: BlobHash): boolean {
  return header?.split(',').some((each) => ['*', `"${hash}"`, `W/"${hash}"`].includes(each.trim())) === true;
}

/** `If-Range` with another ETag asks for the whole. */
function rangeHeader({ headers }: IncomingMessage, hash: BlobHash): string | undefined {
  const condition = headers['if-range'];
  return condition === undefined || condition === `"${hash}"` ? headers.range : undefined;
}
