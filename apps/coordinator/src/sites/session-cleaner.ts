import { Database } from '@fedistl/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

const intervalMs = 600_000;

/** Deletes sessions and challenges that are past their time. They are refused anyway; this keeps the tables small. */
@Injectable()
export class SessionCleaner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SessionCleaner.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.clean().catch((error: unknown) => {
        this.logger.warn(`sessions were not cleaned: ${String(error)}`);
      });
    }, intervalMs);
    this.timer.unref();
  }

  async clean(): Promise<void> {
    await this.database.repositories.sites.deleteExpired(new Date());
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
