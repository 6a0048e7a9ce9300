/** What a site is doing. */
export interface SiteProgress {
  /** `training 12/60, loss 0.61`. */
  readonly text: string;
  /** 0 to 1; null when there is no telling. */
  readonly share: number | null;
}

const BAR = 24;
/** Where stderr is no terminal, a line for each quarter. */
const QUARTERS = 4;

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One bar a site, drawn over and over in place on a terminal; single lines elsewhere. Notes stay above the bars. */
export class ProgressBoard {
  private readonly rows = new Map<string, SiteProgress>();
  private readonly said = new Map<string, string>();
  private drawn = 0;

  constructor(
    names: readonly string[],
    private readonly output: Output = process.stderr,
  ) {
    for (const name of names) this.rows.set(name, { text: '', share: null });
  }

  /** A line that stays. */
  note(text: string): void {
    if (this.output.isTTY !== true) {
      this.output.write(`${text}\n`);
      return;
    }
    this.erase();
    this.output.write(`${text}\n`);
    this.draw();
  }

  update(name: string, progress: SiteProgress): void {
    this.rows.set(name, progress);
    if (this.output.isTTY === true) {
      this.erase();
      this.draw();
      return;
    }
    if (progress.text === '') return;
    const quarter = progress.share === null ? '' : String(Math.floor(progress.share * QUARTERS));
    const state = `${progress.text.replace(/[0-9.]+/g, '')} ${quarter}`;
    if (this.said.get(name) === state) return;
    this.said.set(name, state);
    this.output.write(`  ${name}: ${progress.text}\n`);
  }

  /** Leaves the last state standing. */
  end(): void {
    this.drawn = 0;
  }

  private erase(): void {
    if (this.drawn > 0) this.output.write(`\u001b[${this.drawn}A\u001b[J`);
    this.drawn = 0;
  }

  private draw(): void {
    for (const [name, { text, share }] of this.rows) {
      const full = Math.round((share ?? 0) * BAR);
      const bar = share === null ? ' '.repeat(BAR) : '#'.repeat(full) + '.'.repeat(BAR - full);
      this.output.write(`  ${name.padEnd(10)}[${bar}] ${text}\n`);
      this.drawn += 1;
    }
  }
}
