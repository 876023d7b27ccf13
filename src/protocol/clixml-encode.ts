import type { OutputDefinition, PropertyTypes } from '../commands/output.ts';
import { escapeText } from './clixml-text.ts';
import { formatDuration, TimeSpan } from './time-span.ts';

const opening = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">';
const closing = '</Objs>';
const baseTypes = ['System.Management.Automation.PSCustomObject', 'System.Object'];

/**
 * One CLIXML document (MS-PSRP 2.2.5) under construction, on one line of ASCII. What is added arrives from
 * PSSerializer.DeserializeAsList as one object each.
 */
export class ClixmlDocument {
  #body = '';
  #count = 0;
  readonly #types = new Map<string, number>();

  get count(): number {
    return this.#count;
  }

  /** Characters so far. */
  get size(): number {
    return this.#body.length;
  }

  /** Adds an object of an output type; properties have the types that the definition gives them. */
  addTyped<O>(definition: OutputDefinition<O>, object: O): void {
    let members = '';
    const values = object as Readonly<Record<string, unknown>>;
    for (const [name, { type }] of Object.entries<{ type: keyof PropertyTypes }>(definition.properties)) {
      members += this.#property(type, name, values[name]);
    }
    this.#append(`<Obj>${this.#typeNames(definition.name)}<MS>${members}</MS></Obj>`);
  }

  /** Adds any value; its type follows from its JavaScript class (see {@link encodeValue}). */
  addValue(value: unknown): void {
    this.#append(encodeValue(value));
  }

  toString(): string {
    return opening + this.#body + closing;
  }

  #append(element: string): void {
    this.#body += element;
    this.#count += 1;
  }

  /** A type's names are written once and referred to afterwards. */
  #typeNames(name: string): string {
    const known = this.#types.get(name);
    if (known !== undefined) return `<TNRef RefId="${known}" />`;
    const id = this.#types.size;
    this.#types.set(name, id);
    const names = [name, ...baseTypes].map((type) => `<T>${escapeText(type)}</T>`).join('');
    return `<TN RefId="${id}">${names}</TN>`;
  }

  #property(type: keyof PropertyTypes, name: string, value: unknown): string {
    if (value === null || value === undefined) return element('Nil', name);
    switch (type) {
      case 'string':
        return element('S', name, escapeText(value as string));
      case 'bool':
        return element('B', name, value === true ? 'true' : 'false');
      case 'int':
        return element('I32', name, integer(value as number, 32));
      case 'long':
        return element('I64', name, integer(value as number | bigint, 64));
      case 'double':
        return element('Db', name, double(value as number));
      case 'datetime':
        return element('DT', name, localTime(value as Date));
      case 'timespan':
        return element('TS', name, formatDuration(value as number));
      case 'string[]':
      case 'object':
      case 'object[]':
        return encodeValue(value, name);
    }
  }
}

/** A document that holds one value. */
export function encodeClixml(value: unknown): string {
  const document = new ClixmlDocument();
  document.addValue(value);
  return document.toString();
}

/**
 * The element of a value. string: S. boolean: B. number: I32, I64 or, with a fraction, Db. bigint: I64. Date: DT.
 * TimeSpan: TS. Uint8Array: BA. Array: LST (arrives as ArrayList). Map: DCT (arrives as Hashtable). Any other object:
 * a PSCustomObject of its own enumerable properties. null and undefined: Nil.
 */
function encodeValue(value: unknown, name?: string): string {
  switch (typeof value) {
    case 'undefined':
      return element('Nil', name);
    case 'string':
      return element('S', name, escapeText(value));
    case 'boolean':
      return element('B', name, String(value));
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) return element('Db', name, double(value));
      return Math.abs(value) < 2 ** 31
        ? element('I32', name, String(value))
        : element('I64', name, String(value));
    case 'bigint':
      return element('I64', name, integer(value, 64));
    case 'object':
      return value === null ? element('Nil', name) : encodeObject(value, name);
    default:
      throw new TypeError(`CLIXML has no form for a ${typeof value}`);
  }
}

function encodeObject(value: object, name?: string): string {
  if (value instanceof Date) return element('DT', name, localTime(value));
  if (value instanceof TimeSpan) return element('TS', name, formatDuration(value.milliseconds));
  if (value instanceof Uint8Array) return element('BA', name, Buffer.from(value).toString('base64'));
  if (Array.isArray(value)) {
    return element('Obj', name, `<LST>${value.map((item) => encodeValue(item)).join('')}</LST>`);
  }
  if (value instanceof Map) {
    const entries = Array.from(value as Map<unknown, unknown>, ([key, item]) => {
      return `<En>${encodeValue(key, 'Key')}${encodeValue(item, 'Value')}</En>`;
    });
    return element('Obj', name, `<DCT>${entries.join('')}</DCT>`);
  }
  const members = Object.entries(value).map(([key, item]) => encodeValue(item, key));
  return element('Obj', name, `<MS>${members.join('')}</MS>`);
}

function element(tag: string, name: string | undefined, content?: string): string {
  const start = name === undefined ? tag : `${tag} N="${escapeText(name)}"`;
  return content === undefined ? `<${start} />` : `<${start}>${content}</${tag}>`;
}

function integer(value: number | bigint, bits: 32 | 64): string {
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!whole || BigInt.asIntN(bits, BigInt(value)) !== BigInt(value)) {
    throw new RangeError(`${value} is no ${bits}-bit integer`);
  }
  return String(value);
}

function double(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return String(value).replace('Infinity', 'INF');
}

/** With an offset rather than Z: XmlConvert then gives a DateTime of kind Local, which is what people read. */
function localTime(value: Date): string {
  const text = value.toISOString();
  if (text.length !== 24 || text < '0001') throw new RangeError(`${text} is no [datetime]`);
  return text.replace('Z', '+00:00');
}
