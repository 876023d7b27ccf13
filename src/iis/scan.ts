import { decodeAttribute } from './xml-text.ts';

/** An element by its offsets in the text. `<a/>` has startTagEnd = endTagStart = end. */
export interface XmlElement {
  readonly name: string;
  /** At `<` of the start tag. */
  readonly start: number;
  /** Behind `>` of the start tag. */
  readonly startTagEnd: number;
  /** At `<` of the end tag. */
  readonly endTagStart: number;
  /** Behind the element. */
  readonly end: number;
  readonly parent: XmlElement | undefined;
}

export interface XmlAttribute {
  readonly name: string;
  /** With references resolved and white space normalised, as a parser gives it. */
  readonly value: string;
  /** At the first letter of the name. */
  readonly start: number;
  /** Behind the opening quote. */
  readonly valueStart: number;
  /** At the closing quote. */
  readonly valueEnd: number;
}

type Node = { -readonly [K in keyof Omit<XmlElement, 'parent'>]: XmlElement[K] } & {
  readonly parent: Node | undefined;
  /** Undefined where the scan did not go that deep: `childrenOf` fills it. */
  children: Node[] | undefined;
};

/**
 * Elements and attributes of a well-formed text (see gate.ts), by offset. Elements below `depth` are scanned when
 * they are asked for, so a file of ten thousand sites costs one pass and little memory. Nothing here recurses.
 */
export class XmlDocument {
  readonly text: string;
  readonly root: XmlElement;
  /** Levels of elements; 1 for a root without children. */
  readonly depth: number;
  #lineStarts: number[] | undefined;

  constructor(text: string, depth = Infinity) {
    this.text = text;
    const { found, deepest } = scan(text, 0, text.length, undefined, depth);
    const [root] = found;
    if (root === undefined) throw new Error('an XML document has a root element');
    this.root = root;
    this.depth = deepest;
  }

  children(element: XmlElement): readonly XmlElement[] {
    const node = element as Node;
    node.children ??= scan(this.text, node.startTagEnd, node.endTagStart, node, Infinity).found;
    return node.children;
  }

  /** Drops what was found below an element; it is scanned again when it is asked for. */
  forget(element: XmlElement): void {
    if (!isSelfClosing(element)) (element as Node).children = undefined;
  }

  child(element: XmlElement, name: string): XmlElement | undefined {
    return this.children(element).find((child) => child.name === name);
  }

  childrenNamed(element: XmlElement, name: string): XmlElement[] {
    return this.children(element).filter((child) => child.name === name);
  }

  /** The element and all below it, in document order. */
  *walk(element: XmlElement): Generator<XmlElement> {
    const pending = [element];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      yield next;
      const children = this.children(next);
      for (let index = children.length - 1; index >= 0; index--) pending.push(children[index] as XmlElement);
    }
  }

  /** In the order of the text. */
  attributes(element: XmlElement): XmlAttribute[] {
    const { text } = this;
    const found: XmlAttribute[] = [];
    for (let at = skipSpace(text, element.start + 1 + element.name.length); isName(text, at);) {
      const equals = text.indexOf('=', at);
      const quote = skipSpace(text, equals + 1);
      const valueStart = quote + 1;
      const valueEnd = text.indexOf(text.charAt(quote), valueStart);
      const name = text.slice(at, equals).trimEnd();
      found.push({
        name,
        value: decodeAttribute(text.slice(valueStart, valueEnd)),
        start: at,
        valueStart,
        valueEnd,
      });
      at = skipSpace(text, valueEnd + 1);
    }
    return found;
  }

  /** The value of one attribute; names have case, as in IIS's schema. */
  attribute(element: XmlElement, name: string): string | undefined {
    return this.attributes(element).find((attribute) => attribute.name === name)?.value;
  }

  slice(element: XmlElement): string {
    return this.text.slice(element.start, element.end);
  }

  /** From 1. */
  line(element: XmlElement): number {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) <= element.start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function isSelfClosing(element: XmlElement): boolean {
  return element.startTagEnd === element.end;
}

/** The elements directly within [from, to), and those below them down to `depth` levels. */
function scan(
  text: string,
  from: number,
  to: number,
  parent: Node | undefined,
  depth: number,
): { found: Node[]; deepest: number } {
  const found: Node[] = [];
  let open = parent;
  let level = 0;
  let deepest = 0;
  for (let at = text.indexOf('<', from); at !== -1 && at < to; at = text.indexOf('<', at)) {
    const markup = text.charCodeAt(at + 1);
    if (markup === 0x2f /* / */) {
      level--;
      const end = text.indexOf('>', at) + 1;
      if (level < depth) {
        const closed = open as Node;
        closed.endTagStart = at;
        closed.end = end;
        open = closed.parent;
      }
      at = end;
    } else if (markup === 0x21 /* ! */ || markup === 0x3f /* ? */) {
      at = endOfMarkup(text, at);
    } else {
      const end = endOfTag(text, at + 1);
      const empty = text.charCodeAt(end - 2) === 0x2f;
      if (level < depth) {
        const children = level + 1 < depth || empty ? [] : undefined;
        const node: Node = {
          name: nameAt(text, at + 1),
          start: at,
          startTagEnd: end,
          endTagStart: end,
          end,
          parent: open,
          children,
        };
        if (level === 0) found.push(node);
        else (open as Node).children?.push(node);
        if (!empty) open = node;
      }
      if (level >= deepest) deepest = level + 1;
      if (!empty) level++;
      at = end;
    }
  }
  return { found, deepest };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function nameAt(text: string, start: number): string {
  let end = start + 1;
  while (!endsName(text.charCodeAt(end))) end++;
  return text.slice(start, end);
}

/** Behind a comment, CDATA section or processing instruction. */
export function endOfMarkup(text: string, start: number): number {
  if (text.startsWith('<!--', start)) return text.indexOf('-->', start + 4) + 3;
  if (text.startsWith('<![CDATA[', start)) return text.indexOf(']]>', start + 9) + 3;
  return text.indexOf('?>', start + 2) + 2;
}

/** Behind the `>` of a start tag; one inside a quoted value does not end it. */
export function endOfTag(text: string, start: number): number {
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3e /* > */) return at + 1;
    if (code === 0x22 /* " */) at = text.indexOf('"', at + 1);
    else if (code === 0x27 /* ' */) at = text.indexOf("'", at + 1);
  }
}

function endsName(code: number): boolean {
  return code === 0x3e /* > */ || code === 0x2f /* / */ || isSpace(code);
}

function isName(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code !== 0x3e /* > */ && code !== 0x2f; /* / */
}

function skipSpace(text: string, at: number): number {
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
