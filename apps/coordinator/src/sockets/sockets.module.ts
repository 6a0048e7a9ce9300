import { Module } from '@nestjs/common';
import { SitesModule } from '../sites/sites.module';
import { ConsoleSockets } from './console-sockets';
import { SiteSockets } from './site-sockets';
import { SocketServer } from './socket-server';

@Module({
  imports: [SitesModule],
  providers: [SocketServer, SiteSockets, ConsoleSockets],
  exports: [SocketServer],
})
export class SocketsModule {}
