import { Identity } from '@fedistl/crypto';
import { BlobStore, Database } from '@fedistl/persistence';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access.guard';
import { AccessModule } from './access/access.module';
import { configToken } from './config/inject-config';
import { type CoordinatorConfig } from './config/read-config';
import { EventsModule } from './events/events.module';
import { HealthModule } from './health/health.module';
import { ErrorFilter } from './http/error.filter';
import { IdentityController } from './identity/identity.controller';
import { OpenApiController } from './openapi/openapi.controller';
import { PeopleModule } from './people/people.module';
import { ProposalsModule } from './proposals/proposals.module';
import { SitesModule } from './sites/sites.module';
import { SocketsModule } from './sockets/sockets.module';
import { EngineModule } from './studies/engine.module';
import { TransferModule } from './transfer/transfer.module';
import { UploadStore } from './transfer/upload-store';

/** What is opened before the application starts, and closed after it stopped. */
export interface CoordinatorResources {
  readonly config: CoordinatorConfig;
  readonly database: Database;
  readonly identity: Identity;
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
}

/** Gives the resources to every module. */
@Global()
@Module({})
class ResourcesModule {
  static of({ config, database, identity, blobs, uploads }: CoordinatorResources): DynamicModule {
    const providers = [
      { provide: configToken, useValue: config },
      { provide: Database, useValue: database },
      { provide: Identity, useValue: identity },
      { provide: BlobStore, useValue: blobs },
      { provide: UploadStore, useValue: uploads },
    ];
    return { module: ResourcesModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}

@Module({})
export class CoordinatorModule {
  static of(resources: CoordinatorResources): DynamicModule {
    return {
      module: CoordinatorModule,
      imports: [
        ResourcesModule.of(resources),
        EventsModule,
        EngineModule,
        AccessModule,
        HealthModule,
        PeopleModule,
        SitesModule,
        ProposalsModule,
        TransferModule,
        SocketsModule,
      ],
      controllers: [IdentityController, OpenApiController],
      providers: [
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_GUARD, useExisting: AccessGuard },
      ],
    };
  }
}
