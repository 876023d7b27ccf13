import { decodeReferences } from './xml-text.ts';
import { endOfMarkup, type XmlAttribute, type XmlDocument, type XmlElement } from './scan.ts';

/**
 * An element in a form that is equal for two elements exactly if they mean the same: order of attributes,
 * comments, quotes, references and white space between elements do not count, order of elements does. Attributes that
 * `counts` refuses are passed over.
 */
export function meaning(
  document: XmlDocument,
  element: XmlElement,
  counts: (attribute: XmlAttribute) => boolean = () => true,
): string {
  const parts: string[] = [];
  const pending: (XmlElement | string)[] = [element];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') {
      parts.push(next);
      continue;
    }
    const attributes = document
      .attributes(next)
      .filter(counts)
      .map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`)
      .sort();
    parts.push('<', next.name, ...attributes, '>');
    pending.push('</>');
    const children = document.children(next);
    for (let index = children.length - 1; index >= 0; index--) pending.push(children[index] as XmlElement);
    const text = ownText(document, next, children);
    if (text !== '') parts.push(JSON.stringify(text));
  }
  return parts.join('');
}

/** The element's character data without that of its children, white space collapsed. */
export function ownText(
  document: XmlDocument,
  element: XmlElement,
  children: readonly XmlElement[] = document.children(element),
): string {
  let text = '';
  let from = element.startTagEnd;
  for (const { start, end } of [...children, { start: element.endTagStart, end: element.end }]) {
    text += characterData(document.text, from, start);
    from = end;
  }
  return text.trim().replace(/\s+/g, ' ');
}

function characterData(text: string, from: number, to: number): string {
  let data = '';
  let at = from;
  while (at < to) {
    const markup = text.indexOf('<', at);
    const end = markup === -1 || markup > to ? to : markup;
    data += decodeReferences(text.slice(at, end));
    if (end === to) break;
    at = endOfMarkup(text, end);
    if (text.startsWith('<![CDATA[', end)) data += text.slice(end + 9, at - 3);
  }
  return data;
}
