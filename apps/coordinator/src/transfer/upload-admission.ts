import { Database } from '@fedistl/persistence';
import { type UploadMetadata, uploadMetadataSchema, parseWith } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { AccessError } from '../access/access.errors';
import { checkAccess } from '../access/access.guard';
import { type Principal } from '../access/principal';
import { InjectConfig } from '../config/inject-config';
import { type CoordinatorConfig } from '../config/read-config';
import { TransferError } from './transfer.errors';
import { ownerMetadata, ownerOf } from './upload-owner';
import { UploadStore } from './upload-store';

/** Which uploads may begin. */
@Injectable()
export class UploadAdmission {
  constructor(
    private readonly database: Database,
    private readonly store: UploadStore,
    @InjectConfig() private readonly config: CoordinatorConfig,
  ) {}

  /** Greatest size for this caller, in bytes. */
  maximumBytes(principal: Principal): number {
    const { maximumUpdateBytes, maximumModelBytes } = this.config.uploads;
    return principal.kind === 'site' ? maximumUpdateBytes : maximumModelBytes;
  }

  /**
   * @param size as announced
   * @throws TransferError `UPLOAD.TOO_LARGE`, `UPLOAD.TOO_MANY`, `UPLOAD.FULL`, `UPLOAD.NO_STUDY`; AccessError `ACCESS.FORBIDDEN`
   * @returns the metadata to keep, with the owner
   */
  async admit(
    principal: Principal,
    { size, metadata }: { size: number | undefined; metadata: Record<string, string | null> | undefined },
  ): Promise<Record<string, string>> {
    const parsed = parseWith(uploadMetadataSchema, metadata ?? {}, 'Upload-Metadata');
    await this.checkPurpose(principal, parsed);
    const most = this.maximumBytes(principal);
    if (size === undefined || size < 1 || size > most) {
      throw new TransferError('UPLOAD.TOO_LARGE', `expected an upload of 1 to ${most} bytes, got ${size ?? 'no size'}`);
    }
    await this.checkRoom(ownerOf(principal), size);
    return {
      sha256: parsed.sha256,
      purpose: parsed.purpose,
      ...(parsed.studyId === undefined ? {} : { studyId: parsed.studyId }),
      [ownerMetadata]: ownerOf(principal),
    };
  }

  /** An update comes from a site of its study, a model from a study lead. */
  private async checkPurpose(principal: Principal, { purpose, studyId }: UploadMetadata): Promise<void> {
    if (purpose === 'model') {
      checkAccess(principal, { people: ['study-lead'] });
      return;
    }
    checkAccess(principal, { site: 'approved' });
    if (principal.kind !== 'site') throw new AccessError('ACCESS.FORBIDDEN', 'expected a site, got a person');
    if (studyId === undefined)
      throw new TransferError('UPLOAD.NO_STUDY', 'expected studyId in the metadata of an update');
    const joined = await this.database.repositories.studies.participation(studyId, principal.siteId);
    if (joined === null) {
      throw new AccessError('ACCESS.FORBIDDEN', `expected a study that ${principal.siteId} joined, got ${studyId}`);
    }
  }

  private async checkRoom(owner: string, size: number): Promise<void> {
    const { maximumOpenPerOwner, maximumOpenBytes } = this.config.uploads;
    const open = (await this.store.records()).filter(({ finished }) => !finished);
    const own = open.filter(({ metadata }) => metadata[ownerMetadata] === owner).length;
    if (own >= maximumOpenPerOwner) {
      throw new TransferError(
        'UPLOAD.TOO_MANY',
        `expected at most ${maximumOpenPerOwner} unfinished uploads, got one more`,
      );
    }
    const taken = open.reduce((sum, each) => sum + each.size, 0);
    if (taken + size > maximumOpenBytes) {
      throw new TransferError(
        'UPLOAD.FULL',
        `expected room for ${size} bytes beside ${taken} of unfinished uploads, got a limit of ${maximumOpenBytes}`,
      );
    }
  }
}
