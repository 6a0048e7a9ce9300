/** SVG as text: no scripts, no style sheet, no ids, so that any number of figures may stand in one page. */

export type SvgAttributes = Readonly<Record<string, string | number>>;

/** Text or an attribute's value, with everything escaped that XML and HTML give a meaning, and control characters dropped. */
export function escapeXml(text: string): string {
  // XML 1.0 has no way to write control characters (but tab and line ends) and lone surrogates at all.
  const clean = text.replace(/(?![\t\n\r])\p{Control}|\p{Surrogate}|[\ufffe\uffff]/gu, '');
  return clean.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** At most two decimals: a hundredth of a pixel. */
function attributeValue(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : escapeXml(value);
}

/** `<tag attributes>children</tag>`; the children are SVG already. */
export function element(tag: string, attributes: SvgAttributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${attributeValue(value)}"`)
    .join('');
  return children.length === 0 ? `<${tag}${written}/>` : `<${tag}${written}>${children.join('')}</${tag}>`;
}

export interface TextStyle {
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: 'normal' | 'bold';
  readonly fill?: string;
  /** Degrees about (x, y). */
  readonly rotate?: number;
}

/** A line of text whose baseline starts, centres or ends at (x, y). */
export function textAt(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 12, anchor = 'start', weight = 'normal', fill = '#222222', rotate } = style;
  const attributes = { x, y, 'font-size': size, 'text-anchor': anchor, 'font-weight': weight, fill };
  const turned = rotate === undefined ? {} : { transform: `rotate(${rotate} ${x} ${y})` };
  return element('text', { ...attributes, ...turned }, escapeXml(content));
}

/** A line through points in pixels; points that do not move by a tenth of a pixel, or lie on a straight run, are left out. */
export function polyline(points: readonly (readonly [number, number])[], attributes: SvgAttributes): string {
  const kept: (readonly [number, number])[] = [];
  for (const [x, y] of points) {
    const point = [Math.round(x * 10) / 10, Math.round(y * 10) / 10] as const;
    const [before, last] = [kept.at(-2), kept.at(-1)];
    if (last?.[0] === point[0] && last[1] === point[1]) continue;
    const isRun = (axis: 0 | 1): boolean => before?.[axis] === last?.[axis] && last?.[axis] === point[axis];
    if (before && (isRun(0) || isRun(1))) kept.pop();
    kept.push(point);
  }
  const path = kept.map(([x, y]) => `${x},${y}`).join(' ');
  return element('polyline', { points: path, fill: 'none', 'stroke-linejoin': 'round', ...attributes });
}

export interface SvgDocument {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What a reader who cannot see the figure should know. */
  readonly description: string;
}

/** The document around a figure's parts, on a white ground. */
export function svgDocument({ width, height, title, description }: SvgDocument, parts: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
      'font-family': 'Helvetica, Arial, sans-serif',
    },
    element('title', {}, escapeXml(title)),
    element('desc', {}, escapeXml(description)),
    element('rect', { width, height, fill: '#ffffff' }),
    ...parts,
  );
}
