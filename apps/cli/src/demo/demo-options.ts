/** What `fedistl demo` was asked for. */
export interface DemoOptions {
  /** Everything of the demo: images, databases, keys, logs. Kept between runs. */
  readonly directory: string;
  /** Forget an earlier demo. */
  readonly fresh: boolean;
  /** End after the report instead of leaving the coordinator up for a look. */
  readonly exit: boolean;
  /** Real images in place of phantoms. */
  readonly source: { readonly folder: string; readonly positive: string } | null;
  /** Phantoms over all sites. */
  readonly images: number;
  /** Port of the coordinator; null takes a free one. */
  readonly port: number | null;
  readonly signal: AbortSignal;
}
