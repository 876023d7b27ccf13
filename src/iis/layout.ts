import { endOfMarkup, endOfTag, isSelfClosing, type XmlDocument, type XmlElement } from './scan.ts';
import type { Edit } from './splice.ts';

/** How a file is laid out. */
export interface Layout {
  /** Empty in a file that is one line. */
  readonly newline: string;
  /** Added for each level. */
  readonly indentation: string;
}

/** The layout of a configuration file: its first line end, and the indentation of the root's first child. */
export function layoutOf(document: XmlDocument): Layout {
  const { text, root } = document;
  const lineEnd = text.indexOf('\n');
  const newline = lineEnd === -1 ? '' : text[lineEnd - 1] === '\r' ? '\r\n' : '\n';
  const child = document.children(root).find((element) => margin(text, element.start));
  return { newline, indentation: (child && margin(text, child.start)) || '    ' };
}

/** The white space before `at` on its line, undefined where something else stands there as well. */
export function margin(text: string, at: number): string | undefined {
  let start = at;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return start === 0 || text[start - 1] === '\n' ? text.slice(start, at) : undefined;
}

/**
 * An element in another file's layout: its own lines are indented from `base`, and line ends become that file's.
 * Only white space between tags moves; attribute values, text and comments keep their characters.
 */
export function layOut(xml: string, base: string, layout: Layout): string {
  const text = xml.replace(/\r\n?|\n/g, layout.newline || '\n');
  const parts: string[] = [];
  let level = 0;
  let from = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', from)) {
    const closes = text[at + 1] === '/';
    const isTag = !closes && text[at + 1] !== '!' && text[at + 1] !== '?';
    if (closes) level--;
    parts.push(relaid(text.slice(from, at), base + layout.indentation.repeat(level), layout));
    from = isTag ? endOfTag(text, at + 1) : closes ? text.indexOf('>', at) + 1 : endOfMarkup(text, at);
    if (isTag && text[from - 2] !== '/') level++;
    parts.push(text.slice(at, from));
  }
  parts.push(text.slice(from));
  return parts.join('');
}

function relaid(gap: string, margin: string, { newline }: Layout): string {
  const lines = gap.split('\n').length - 1;
  if (lines === 0 || gap.trim() !== '') return gap;
  return newline === '' ? '' : newline.repeat(lines) + margin;
}

/** Puts `xml` in the place of an element. */
export function replacement(document: XmlDocument, element: XmlElement, xml: string, layout: Layout): Edit {
  const base = margin(document.text, element.start) ?? '';
  return { start: element.start, end: element.end, text: layOut(xml, base, layout) };
}

/** Takes an element away, and its line where nothing else is on it. */
export function removal({ text }: XmlDocument, element: XmlElement): Edit {
  const space = margin(text, element.start);
  let start = element.start;
  if (space !== undefined && start > space.length) {
    start -= space.length + 1; // the line end before it goes, the one behind it stays
    if (text[start - 1] === '\r') start--;
  }
  return { start, end: element.end, text: '' };
}

/**
 * Adds elements to a container: behind its last child named `sibling`, else before its first child, or as its
 * only content. `<container/>` is opened for them.
 */
export function insertion(
  document: XmlDocument,
  container: XmlElement,
  sibling: string | undefined,
  fragments: readonly string[],
  layout: Layout,
): Edit {
  const children = document.children(container);
  const last = children.findLast((child) => sibling === undefined || child.name === sibling);
  const neighbour = last ?? children[0];
  const own = margin(document.text, container.start) ?? '';
  const base = (neighbour && margin(document.text, neighbour.start)) ?? own + layout.indentation;
  const lines = fragments.map((xml) => layOut(xml, base, layout));
  const before = layout.newline === '' ? '' : layout.newline + base;
  if (last !== undefined) return at(last.end, lines.map((line) => before + line).join(''));
  if (neighbour !== undefined) return at(neighbour.start, lines.map((line) => line + before).join(''));

  const content = lines.map((line) => before + line).join('');
  const after = layout.newline === '' ? '' : layout.newline + own;
  if (isSelfClosing(container)) {
    const start = document.text.slice(0, container.end - 2).trimEnd().length;
    return { start, end: container.end, text: `>${content}${after}</${container.name}>` };
  }
  const inside = document.text.slice(container.startTagEnd, container.endTagStart);
  const start = container.startTagEnd + inside.trimEnd().length;
  return { start, end: container.endTagStart, text: content + after };
}

function at(offset: number, text: string): Edit {
  return { start: offset, end: offset, text };
}
