import { escapeXml } from '../figures/svg';

/** HTML that is safe to put into a page: made by the functions of this file, or a figure of this library. */
export interface Html {
  readonly html: string;
}

/** A text, escaped. */
export function text(content: string): Html {
  return { html: escapeXml(content) };
}

/** Pieces one after another; plain strings are escaped. */
export function join(parts: readonly (Html | string)[], separator = ''): Html {
  return { html: parts.map((part) => (typeof part === 'string' ? escapeXml(part) : part.html)).join(separator) };
}

/** `<tag attributes>children</tag>`; plain strings are escaped. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Html | string)[]
): Html {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('');
  return { html: `<${name}${written}>${join(children).html}</${name}>` };
}

/** A paragraph. */
export function paragraph(...children: readonly (Html | string)[]): Html {
  return tag('p', {}, ...children);
}

/** A part of the page with its heading. @param level 2 or 3 */
export function section(title: string, level: 2 | 3, ...children: readonly Html[]): Html {
  return tag('section', {}, tag(`h${level}`, {}, title), ...children);
}

export interface TableOptions {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly (Html | string)[])[];
  /** Line below the table. */
  readonly note?: string;
}

/** A table with caption, column and row headings; numbers line up to the right. */
export function table({ caption, columns, rows, note }: TableOptions): Html {
  const head = tag('tr', {}, ...columns.map((column) => tag('th', { scope: 'col' }, column)));
  const body = rows.map((row) =>
    tag(
      'tr',
      {},
      ...row.map((cell, column) => (column === 0 ? tag('th', { scope: 'row' }, cell) : tag('td', {}, cell))),
    ),
  );
  const whole = tag('table', {}, tag('caption', {}, caption), tag('thead', {}, head), tag('tbody', {}, ...body));
  const framed = tag('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': caption }, whole);
  return note === undefined ? framed : join([framed, tag('p', { class: 'note' }, note)]);
}

/** Names and values, such as the facts of a data set. */
export function facts(caption: string, rows: readonly (readonly [name: string, value: Html | string])[]): Html {
  const body = rows.map(([name, value]) => tag('tr', {}, tag('th', { scope: 'row' }, name), tag('td', {}, value)));
  return tag('table', { class: 'facts' }, tag('caption', {}, caption), tag('tbody', {}, ...body));
}

/** A figure of this library with its caption. @param svg a document that `figures/` made */
export function figure(svg: string, caption: string): Html {
  return tag('figure', {}, { html: svg }, tag('figcaption', {}, caption));
}

/** A figure beside the table that holds the same numbers. */
export function sideBySide(left: Html, right: Html): Html {
  return tag('div', { class: 'pair' }, tag('div', {}, left), tag('div', {}, right));
}

/** A hash in a type that tells its digits apart, free to wrap. */
export function hash(digits: string): Html {
  return tag('code', {}, digits);
}

/** A number with a smaller line below it, such as its interval; neither is broken. */
export function stacked(value: string, below: string): Html {
  return tag('span', { class: 'stacked' }, value, tag('small', {}, below));
}
