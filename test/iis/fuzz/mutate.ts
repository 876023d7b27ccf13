import { XmlDocument, type XmlElement } from '../../../src/iis/scan.ts';

/** A number in [0, 1) from a seed; the same seed gives the same numbers (mulberry32). */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)]!;
}

/** What a hostile or a careless hand puts where a name, a path or an address belongs. */
export const hostile: readonly string[] = [
  '',
  ' ',
  '.',
  '..',
  '../../etc',
  'CON',
  'site1.com/admin',
  'SITE1.COM',
  'a]]&gt;b',
  '&amp;lt;x&amp;gt;',
  '&#10;&#13;&#9;',
  '&#x1F600;',
  '[failover:secret:1]',
  '[failover:secret:999999]',
  '[enc:AnyProvider:AAAA:enc]',
  '4294967296',
  '-1',
  '0',
  '1e9',
  '*:80:',
  '[::1]:80:host',
  '\u0130\u0131\u212a', // letters whose lower case is longer, or another letter
  'e\u0301',
  '__proto__',
  'constructor',
  '$&$1',
  "O'Brien &quot;x&quot;",
  'x'.repeat(70_000),
];

const fragments: readonly string[] = [
  '<!-- a comment with <site name="x" id="1"> in it -->',
  '<![CDATA[<site name="x" id="1">]]>',
  '<?php <site name="x"> ?>',
  '<x/>',
  '<location path="site1.com"><system.webServer /></location>',
  '<site name="fuzz" id="77"><bindings /></site>',
  '<add name="DefaultAppPool" />',
  '\r\n\r\n',
];

/** Changes a few bytes; most results are not well-formed. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
    const at = Math.floor(random() * result.length);
    const length = Math.floor(random() ** 4 * 2000);
    const before = result.subarray(0, at);
    const after = result.subarray(at);
    const other = Math.floor(random() * result.length);
    result = pick(random, [
      () => Buffer.concat([before, Buffer.from([Math.floor(random() * 256)]), after.subarray(1)]),
      () => Buffer.concat([before, after.subarray(length)]),
      () => Buffer.concat([before, result.subarray(other, other + length), after]),
      () => Buffer.from(before),
      () => Buffer.concat([before, Buffer.from(pick(random, fragments)), after]),
    ])();
  }
  return result;
}

/** Changes elements and attributes and keeps the text well-formed, so that the result gets past the parser. */
export function mutateStructure(text: string, random: Random): string {
  let result = text;
  for (let count = 1 + Math.floor(random() * 3); count > 0; count--) result = mutateOnce(result, random);
  return result;
}

function mutateOnce(text: string, random: Random): string {
  const document = new XmlDocument(text);
  const elements = relevant(document);
  const element = pick(random, elements);
  const { start, startTagEnd, end } = element;
  const attributes = document.attributes(element);
  const attribute = attributes.length === 0 ? undefined : pick(random, attributes);
  const replace = (from: number, to: number, by: string): string => text.slice(0, from) + by + text.slice(to);
  const value = (): string => {
    const other = pick(random, elements);
    const [taken] = document.attributes(other);
    const quoted =
      random() < 0.5 && taken ? text.slice(taken.valueStart, taken.valueEnd) : pick(random, hostile);
    return quoted.replaceAll('"', '&quot;').replaceAll("'", '&apos;');
  };
  return pick(random, [
    () => (element.parent ? replace(start, end, '') : text),
    () => (element.parent ? replace(end, end, text.slice(start, end)) : text),
    () => (element.parent ? replace(end, end, pick(random, fragments)) : text),
    () => (startTagEnd === end ? text : replace(startTagEnd, startTagEnd, pick(random, fragments))),
    () => (attribute ? replace(attribute.valueStart, attribute.valueEnd, value()) : text),
    () => (attribute ? replace(attribute.valueStart, attribute.valueEnd, value()) : text),
    () => (attribute ? replace(attribute.start, attribute.valueEnd + 1, '') : text),
    () => (attribute ? replace(attribute.start, attribute.start, '\r\n\t') : text),
    () => replace(start + 1 + element.name.length, start + 1 + element.name.length, ` fuzz="${value()}"`),
    () => {
      const other = pick(random, elements);
      return element.parent ? replace(end, end, text.slice(other.start, other.end)) : text;
    },
  ])();
}

/** Sites, pools and locations and what is in them; the rest of a real file is long and says little of sites. */
function relevant(document: XmlDocument): XmlElement[] {
  const found: XmlElement[] = [document.root];
  for (const child of document.children(document.root)) {
    const name = child.name;
    if (name === 'system.applicationHost' || (name === 'location' && document.attribute(child, 'path')))
      found.push(...document.walk(child));
  }
  return found;
}
