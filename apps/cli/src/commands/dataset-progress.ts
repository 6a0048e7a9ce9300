import { type ImportProgress } from '@fedistl/imaging';

const BAR_CELLS = 30;
const INTERVAL_MS = 100;

/** Progress of an import on stderr: a bar on a terminal, a line every tenth part elsewhere. */
export class ImportProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #started = Date.now();
  #drawn = 0;
  #tenth = -1;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows where the import stands. */
  update(progress: ImportProgress): void {
    const { done, total } = progress;
    if (this.#stream.isTTY) {
      const now = Date.now();
      if (now - this.#drawn < INTERVAL_MS && done < total) return;
      this.#drawn = now;
      this.#stream.write(`\r${this.#bar(progress)}\x1b[K${done === total ? '\n' : ''}`);
      return;
    }
    const tenth = Math.floor((10 * done) / Math.max(1, total));
    if (tenth === this.#tenth) return;
    this.#tenth = tenth;
    this.#stream.write(`${this.#bar(progress)}\n`);
  }

  #bar({ done, total, quarantined, unchanged }: ImportProgress): string {
    const filled = Math.round((BAR_CELLS * done) / Math.max(1, total));
    const seconds = (Date.now() - this.#started) / 1000;
    const rate = seconds > 0 ? Math.round(done / seconds) : 0;
    const parts = [`${done}/${total}`, `${rate}/s`, `${quarantined} quarantined`, `${unchanged} known`];
    return `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}] ${parts.join('  ')}`;
  }
}
