import { type Html, join, tag } from './html';
import { PAGE_STYLE } from './page-style';

export interface PageOptions {
  readonly title: string;
  /** Line below the title. */
  readonly subtitle: string;
  /** Last line of the page. */
  readonly footer: string;
}

/** What every report says first. */
export const RESEARCH_NOTICE =
  'This comes from research software. It is not a medical device, has not been approved for diagnosis, and no decision ' +
  'about a patient may rest on it. The numbers hold for the images described below and need not hold elsewhere.';

/** A whole page that loads nothing from anywhere and runs no script. */
export function page({ title, subtitle, footer }: PageOptions, parts: readonly Html[]): string {
  const head = join([
    { html: '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' },
    {
      html: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    },
    { html: '<meta name="robots" content="noindex">' },
    tag('title', {}, title),
    { html: `<style>${PAGE_STYLE}</style>` },
  ]);
  const body = join([
    tag('header', {}, tag('h1', {}, title), tag('p', { class: 'subtitle' }, subtitle)),
    tag('p', { class: 'notice', role: 'note' }, tag('strong', {}, 'Research use only. '), RESEARCH_NOTICE),
    tag('main', {}, ...parts),
    tag('footer', {}, footer),
  ]);
  return `<!doctype html>\n<html lang="en"><head>${head.html}</head><body>${body.html}</body></html>\n`;
}
