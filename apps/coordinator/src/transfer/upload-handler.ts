import { type ServerResponse } from 'node:http';
import { apiBasePath } from '@fedistl/protocol';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Server, type Upload } from '@tus/server';
import { AccessGuard } from '../access/access.guard';
import { type Principal } from '../access/principal';
import { type AddressedRequest } from '../access/request-rates';
import { InjectConfig } from '../config/inject-config';
import { type CoordinatorConfig } from '../config/read-config';
import { errorAnswer } from '../http/error-answer';
import { sendError } from '../http/error.filter';
import { requestContext } from '../http/request-context';
import { TransferError } from './transfer.errors';
import { tusError } from './tus-error';
import { UploadAdmission } from './upload-admission';
import { UploadFinisher } from './upload-finisher';
import { ownerMetadata, ownerOf } from './upload-owner';
import { UploadStore } from './upload-store';

const methods = ['POST', 'HEAD', 'PATCH', 'DELETE'];
/** How often expired uploads are looked for. */
const sweepMs = 600_000;

/** `/api/v1/uploads`: tus 1.0 (tus.io/protocols/resumable-upload) behind this API's tokens, limits and errors. */
@Injectable()
export class UploadHandler implements OnApplicationShutdown {
  private readonly logger = new Logger(UploadHandler.name);
  private readonly server: Server;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly guard: AccessGuard,
    private readonly store: UploadStore,
    private readonly admission: UploadAdmission,
    private readonly finisher: UploadFinisher,
    @InjectConfig() config: CoordinatorConfig,
  ) {
    this.server = new Server({
      path: `${apiBasePath}/uploads`,
      datastore: store,
      relativeLocation: true,
      allowedOrigins: [config.publicUrl ?? 'null'],
      getFileIdFromRequest: (_request, last) => (/^[0-9a-f]{32}$/.test(last ?? '') ? last : undefined),
      maxSize: (request) => this.admission.maximumBytes(principalOf(request)),
      onIncomingRequest: (request, _response, id) => this.checkOwner(request, id),
      onUploadCreate: async (request, res, upload) => ({
        res,
        metadata: await this.admission.admit(principalOf(request), { size: upload.size, metadata: upload.metadata }),
      }),
      onUploadFinish: async (_request, res, upload: Upload) => {
        await this.finisher.finish(upload.id);
        return { res };
      },
      onResponseError: (request, response, error) => this.answerError(request, response, error),
    });
  }

  /** Finishes and removes what an earlier process left, then looks again from time to time. */
  async start(): Promise<void> {
    await this.sweep();
    this.timer = setInterval(() => {
      this.sweep().catch((error: unknown) => {
        this.logger.error(`uploads were not swept: ${String(error)}`);
      });
    }, sweepMs);
    this.timer.unref();
  }

  async handle(request: AddressedRequest, response: ServerResponse): Promise<void> {
    try {
      await this.guard.identify(request);
      if (!methods.includes(request.method ?? '') || request.headers['x-http-method-override'] !== undefined) {
        throw new TransferError(
          'UPLOAD.REFUSED',
          `expected one of ${methods.join(', ')}, got ${request.method ?? 'none'}`,
        );
      }
      if (request.headers['tus-resumable'] !== '1.0.0') {
        throw new TransferError('UPLOAD.REFUSED', 'expected the header Tus-Resumable: 1.0.0, got another or none');
      }
      await this.server.handle(request, response);
    } catch (error) {
      sendError(request, response, error);
    }
  }

  /** Another's upload does not exist for the caller. */
  private async checkOwner(request: AddressedRequest, id: string): Promise<void> {
    if (request.method === 'POST') return;
    const record = await this.store.record(id);
    if (record?.metadata[ownerMetadata] !== ownerOf(principalOf(request))) {
      throw new TransferError('UPLOAD.NOT_FOUND', 'expected an upload that exists');
    }
    if (request.method === 'HEAD') await this.finisher.settle(record);
  }

  private answerError(
    request: AddressedRequest,
    response: ServerResponse,
    error: unknown,
  ): { status_code: number; body: string } {
    const known = tusError(error);
    const { status, body, internal } = errorAnswer(known, requestContext(request).correlationId);
    // A cut connection ends here as well; nobody reads the answer then.
    if (internal && !request.destroyed) this.logger.error(known instanceof Error ? known.stack : String(known));
    response.setHeader('content-type', 'application/json; charset=utf-8');
    return { status_code: status, body: JSON.stringify(body) };
  }

  private async sweep(): Promise<void> {
    const removed = await this.store.deleteExpired();
    if (removed > 0) this.logger.log(`removed ${removed} expired uploads`);
    for (const record of await this.store.records()) {
      try {
        await this.finisher.settle(record);
      } catch (error) {
        this.logger.warn(`upload ${record.id} was not finished: ${String(error)}`);
      }
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}

function principalOf(request: AddressedRequest): Principal {
  const { principal } = requestContext(request);
  if (principal === undefined) throw new TransferError('UPLOAD.REFUSED', 'expected an identified caller, got none');
  return principal;
}
