import { Module } from '@nestjs/common';
import { BlobAccess } from './blob-access';
import { BlobController } from './blob.controller';
import { UploadAdmission } from './upload-admission';
import { UploadFinisher } from './upload-finisher';
import { UploadHandler } from './upload-handler';

/** The upload store is opened before the application and given to it. */
@Module({
  controllers: [BlobController],
  providers: [BlobAccess, UploadAdmission, UploadFinisher, UploadHandler],
  exports: [UploadHandler],
})
export class TransferModule {}
