import { encodeAttribute } from '../../iis/xml-text.ts';

/** An element of an applicationHost.config in the making. */
export class ConfigElement {
  readonly name: string;
  readonly #attributes = new Map<string, string>();
  readonly #children: ConfigElement[] = [];

  constructor(name: string, attributes: Readonly<Record<string, string | number | undefined>> = {}) {
    this.name = name;
    for (const [key, value] of Object.entries(attributes)) this.set(key, value);
  }

  /** Undefined leaves the attribute unset. */
  set(name: string, value: string | number | undefined): this {
    if (value !== undefined) this.#attributes.set(name, String(value));
    return this;
  }

  /** The element at a path below this one, made where it is missing. */
  at(path: string): ConfigElement {
    return path.split('/').reduce<ConfigElement>((parent, name) => {
      const known = parent.#children.find((child) => child.name === name);
      return known ?? parent.add(new ConfigElement(name));
    }, this);
  }

  /** Sets one attribute below this element; `path` ends in `@name`. */
  setAt(path: string, value: string): void {
    const [element = '', attribute = ''] = path.split('@');
    (element === '' ? this : this.at(element.replace(/\/$/, ''))).set(attribute, value);
  }

  add(child: ConfigElement): ConfigElement {
    this.#children.push(child);
    return child;
  }

  get isEmpty(): boolean {
    return this.#children.length === 0;
  }

  toXml(margin = ''): string {
    const attributes = [...this.#attributes].map(([name, value]) => ` ${name}="${encodeAttribute(value)}"`);
    const tag = `<${this.name}${attributes.join('')}`;
    if (this.isEmpty) return `${tag} />`;
    const inner = this.#children.map((child) => `${margin}  ${child.toXml(`${margin}  `)}\n`);
    return `${tag}>\n${inner.join('')}${margin}</${this.name}>`;
  }
}
