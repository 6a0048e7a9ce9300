import { sleep } from '@fedistl/client';
import { type SiteActivity } from '@fedistl/protocol';
import { type SiteContext } from '../tasks/site-context';

/** Says that the node lives and what it does: by socket, and by a call where that is down. Its failure costs nothing. */
export class Heartbeat {
  /** When the coordinator last answered one. */
  lastAnswerAt: string | null = null;

  constructor(
    private readonly site: SiteContext,
    private readonly activity: () => SiteActivity,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#beat();
      await sleep(this.site.config.heartbeatSeconds * 1000, signal);
    }
  }

  async #beat(): Promise<void> {
    const { client, socket, egress, engine, log, now } = this.site;
    const body = { activity: this.activity(), capabilities: engine.capabilities() };
    try {
      await egress.recordDaily('heartbeat');
      if ((await socket.heartbeat(body)) === null) await client.heartbeat(body);
      this.lastAnswerAt = now().toISOString();
    } catch (error) {
      // The work loop tells people that the coordinator is away; this would tell it twice.
      log.debug('no heartbeat', { code: error instanceof Error && 'code' in error ? String(error.code) : null });
    }
  }
}
