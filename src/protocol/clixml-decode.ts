import { SaxesParser } from 'saxes';
import { failure, type FailoverError } from '../model/failover-error.ts';
import { unescapeText } from './clixml-text.ts';
import { parseDuration, TimeSpan } from './time-span.ts';

/** What a SecureString becomes: it has no meaning outside of its process, so no parameter takes it. */
export const unreadableSecret: unique symbol = Symbol('SecureString');

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/**
 * The values in a CLIXML document as PSSerializer writes it (MS-PSRP 2.2.5). Dictionaries become Maps with string
 * keys, lists arrays, objects with properties records without prototype, [long] a number where it is exact and else
 * a bigint, [timespan] a TimeSpan, [byte[]] a Uint8Array; Version, Guid, Uri and XML stay text. A value that
 * PowerShell has wrapped with extra properties becomes the value alone.
 * @throws FailoverError ProtocolViolation for anything that is no CLIXML. The message never quotes the document: it may hold secrets.
 */
export function decodeClixml(document: string): unknown[] {
  const root = parse(document);
  if (root?.tag !== 'Objs') throw malformed('has no Objs element');
  const references = new Map<string, unknown>();
  return root.children.map((child) => decodeElement(child, references));
}

function parse(document: string): Element | undefined {
  const parser = new SaxesParser();
  const open: Element[] = [];
  let root: Element | undefined;
  parser.on('error', () => {
    throw malformed(`is not well-formed XML at character ${parser.position}`);
  });
  parser.on('doctype', () => {
    throw malformed('has a DOCTYPE');
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { tag: name, attributes, children: [], text: '' };
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(document).close();
  return root;
}

function decodeElement(element: Element, references: Map<string, unknown>): unknown {
  const { tag, text } = element;
  switch (tag) {
    case 'Obj':
      return decodeObject(element, references);
    case 'Ref': {
      const id = element.attributes.RefId ?? '';
      if (!references.has(id)) throw malformed('refers to an unknown object');
      return references.get(id);
    }
    case 'Nil':
      return null;
    case 'S':
      return unescapeText(text);
    case 'Version':
    case 'G':
    case 'URI':
    case 'XD':
    case 'SBK':
      return unescapeText(text);
    case 'C':
      return String.fromCharCode(number(text, tag));
    case 'B':
      if (text !== 'true' && text !== 'false') throw malformed('has an invalid B');
      return text === 'true';
    case 'By':
    case 'SB':
    case 'I16':
    case 'U16':
    case 'I32':
    case 'U32':
    case 'Sg':
    case 'Db':
    case 'D':
      return number(text, tag);
    case 'I64':
    case 'U64':
      if (!/^-?\d+$/.test(text)) throw malformed(`has an invalid ${tag}`);
      return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
    case 'DT': {
      const date = new Date(text);
      if (Number.isNaN(date.getTime())) throw malformed('has an invalid DT');
      return date;
    }
    case 'TS': {
      const milliseconds = parseDuration(text);
      if (milliseconds === undefined) throw malformed('has an invalid TS');
      return new TimeSpan(milliseconds);
    }
    case 'BA':
      return new Uint8Array(Buffer.from(text, 'base64'));
    case 'SS':
      return unreadableSecret;
    default:
      throw malformed('has an unknown element');
  }
}

/** An Obj is a wrapped primitive, a collection or a bag of properties; containers register before their content. */
function decodeObject(element: Element, references: Map<string, unknown>): unknown {
  const id = element.attributes.RefId ?? '';
  const rest = element.children.filter(({ tag }) => tag !== 'TN' && tag !== 'TNRef' && tag !== 'ToString');
  const value = rest.find(({ tag }) => tag !== 'Props' && tag !== 'MS');
  if (value === undefined) {
    const members = Object.create(null) as Record<string, unknown>;
    references.set(id, members);
    for (const member of rest.flatMap(({ children }) => children)) {
      members[unescapeText(member.attributes.N ?? '')] = decodeElement(member, references);
    }
    return members;
  }
  switch (value.tag) {
    case 'LST':
    case 'IE':
    case 'QUE':
    case 'STK': {
      const items: unknown[] = [];
      references.set(id, items);
      for (const child of value.children) items.push(decodeElement(child, references));
      return items;
    }
    case 'DCT': {
      const map = new Map<string, unknown>();
      references.set(id, map);
      for (const entry of value.children) {
        const key = entry.children.find(({ attributes }) => attributes.N === 'Key');
        const item = entry.children.find(({ attributes }) => attributes.N === 'Value');
        if (key === undefined || item === undefined) throw malformed('has an incomplete En');
        map.set(String(decodeElement(key, references)), decodeElement(item, references));
      }
      return map;
    }
    default: {
      const primitive = decodeElement(value, references);
      references.set(id, primitive);
      return primitive;
    }
  }
}

function number(text: string, tag: string): number {
  const value = Number(text.replace('INF', 'Infinity'));
  if (text.trim() === '' || (Number.isNaN(value) && text !== 'NaN')) throw malformed(`has an invalid ${tag}`);
  return value;
}

function malformed(problem: string): FailoverError {
  return failure('ProtocolViolation.clixml', { problem });
}
