import { isItem, itemKey } from '../element-path.ts';
import { ownText } from '../meaning.ts';
import type { XmlDocument, XmlElement } from '../scan.ts';
import { findSecrets, placeholderNumber } from '../secrets.ts';

/** An attribute as it is compared. */
export interface Value {
  readonly text: string;
  readonly secret: boolean;
}

/** An element with the offsets of the secret attributes in its tree. */
export interface Located {
  readonly document: XmlDocument;
  readonly element: XmlElement;
  readonly secrets: ReadonlySet<number>;
}

export function locate(document: XmlDocument, element: XmlElement): Located {
  let secrets: ReadonlySet<number> | undefined; // found when a difference has to be looked for
  return {
    document,
    element,
    get secrets() {
      return (secrets ??= new Set(
        findSecrets(document, element, '').map(({ attribute }) => attribute.start),
      ));
    },
  };
}

/**
 * One side of a comparison: the elements that say what is in force at a place, nearest first. The first is the
 * site's own, where it has one; the others are defaults. Empty where nothing is said.
 */
export interface ComparedNode {
  readonly sources: readonly Located[];
  /** What applications and virtual directories below take from, by element name. */
  readonly inherited: Readonly<Record<string, readonly Located[]>>;
}

export const nothing: ComparedNode = { sources: [], inherited: {} };

export const mask = '********';

export function attributesOf({ sources }: ComparedNode): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const { document, element, secrets } of sources)
    for (const { name, value, start } of document.attributes(element))
      if (!values.has(name)) values.set(name, { text: value, secret: secrets.has(start) });
  return values;
}

export function textOf({ sources: [first] }: ComparedNode): string {
  return first === undefined ? '' : ownText(first.document, first.element);
}

/** A value of which a backup holds only the place is taken to be alike. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.text === other.text || [one, other].some(({ text }) => placeholderNumber(text) !== undefined);
}

export function shown(value: Value | undefined): string | undefined {
  return value?.secret ? mask : value?.text;
}

/** Count where they stand in for something, not by themselves. */
const standIns = ['applicationDefaults', 'virtualDirectoryDefaults'];

/** The children by their steps, `logFile` or `binding[http *:80:]`; a second one of a step is `step[2]`. */
export function childrenOf({ sources, inherited }: ComparedNode): Map<string, ComparedNode> {
  const sourcesOf = new Map<string, Located[]>();
  let cleared = false;
  for (const source of sources) {
    const steps = stepsOf(source);
    for (const [step, child] of steps) {
      if (standIns.includes(child.element.name) || (cleared && isCollectionItem(child))) continue;
      sourcesOf.set(step, [...(sourcesOf.get(step) ?? []), child]);
    }
    cleared ||= steps.has('clear');
  }
  return new Map(
    [...sourcesOf].map(([step, own]) => {
      const name = own[0]?.element.name ?? '';
      const from = [...own, ...(inherited[name] ?? [])];
      return [step, { sources: from, inherited: inheritance(own, inherited) }];
    }),
  );
}

/** An application's virtualDirectoryDefaults come before those of its site and server. */
export function inheritance(
  sources: readonly Located[],
  before: ComparedNode['inherited'],
): ComparedNode['inherited'] {
  const nearest = (name: string): Located[] => [
    ...sources.flatMap((source) => {
      const element = source.document.child(source.element, `${name}Defaults`);
      return element === undefined ? [] : [{ ...source, element }];
    }),
    ...(before[name] ?? []),
  ];
  return { application: nearest('application'), virtualDirectory: nearest('virtualDirectory') };
}

function stepsOf({ document, element, secrets }: Located): Map<string, Located> {
  const steps = new Map<string, Located>();
  for (const child of document.children(element)) {
    const key = itemKey(document, child);
    const step = key === undefined ? child.name : `${child.name}[${key}]`;
    let unique = step;
    for (let number = 2; steps.has(unique); number++) unique = `${step}[${number}]`;
    steps.set(unique, { document, element: child, secrets });
  }
  return steps;
}

export function isCollectionItem({ document, element }: Located): boolean {
  return isItem(document, element);
}

/** The start tag with secrets masked, e.g. `<add name="x" />`. */
export function startTag({ document, element, secrets }: Located): string {
  const attributes = document
    .attributes(element)
    .map(({ name, value, start }) => ` ${name}="${secrets.has(start) ? mask : value}"`);
  return `<${element.name}${attributes.join('')} />`;
}
