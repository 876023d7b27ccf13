import { readFileSync } from 'node:fs';

interface Type {
  readonly name: string;
  readonly bases: readonly string[];
  /** By name in lower case; ":" before a static one. */
  readonly members: ReadonlyMap<string, Member>;
}

interface Member {
  /** Counts of arguments of a method, `2+` for two or more; undefined for what is no method. */
  readonly counts: readonly string[] | undefined;
}

export interface Command {
  readonly module: string;
  /** In lower case, without the common ones. */
  readonly parameters: readonly string[];
}

/** How a script uses a member; no count where it does not call it. */
export interface Use {
  readonly name: string;
  readonly count: number | undefined;
  readonly isStatic: boolean;
}

/**
 * What Windows PowerShell 5.1 on .NET Framework 4.7.2 has. The lists in windows-powershell-5.1/ come from Microsoft's
 * reference assemblies and PSScriptAnalyzer's list of commands; reference-lists/ says how. Names have no case.
 */
export class Catalog {
  readonly #types = new Map<string, Type>();
  readonly #newerNames: ReadonlySet<string>;
  readonly #commands = new Map<string, Command>();
  /** Each member that some type has, as an instance's. */
  readonly #anyMembers = new Map<string, Member[]>();

  constructor() {
    for (const line of readList('types.txt')) this.#addType(line);
    this.#newerNames = new Set(readList('newer-names.txt').map(lower));
    for (const line of readList('commands.txt')) {
      const [name = '', module = '', ...parameters] = line.split(' ');
      this.#commands.set(lower(name), { module, parameters: parameters.map(lower) });
    }
  }

  #addType(line: string): void {
    const [name = '', bases = '', members = ''] = line.split('\t');
    const entries = members
      .split(' ')
      .filter(Boolean)
      .map((text): [string, Member] => {
        const [member = '', counts] = text.replace(')', '').split('(');
        return [lower(member), { counts: counts?.split(',') }];
      });
    this.#types.set(lower(name), {
      name,
      bases: bases.split(',').filter(Boolean),
      members: new Map(entries),
    });
    for (const [member, value] of entries) {
      const others = this.#anyMembers.get(member);
      if (others === undefined) this.#anyMembers.set(member, [value]);
      else others.push(value);
    }
  }

  /** The full name of a type, or undefined where it does not exist. PowerShell adds `System.` itself. */
  findType(name: string, namespaces: readonly string[] = []): string | undefined {
    const candidates = [name, `System.${name}`, ...namespaces.map((namespace) => `${namespace}.${name}`)];
    for (const candidate of candidates) {
      const type = this.#types.get(lower(candidate));
      if (type !== undefined) return type.name;
    }
    return undefined;
  }

  /** Whether a type (its full name) or one of its bases has the member. */
  hasMember(type: string, use: Use): boolean {
    const found = this.#types.get(lower(type));
    if (found === undefined) return false;
    const member = found.members.get((use.isStatic ? ':' : '') + lower(use.name));
    if (member !== undefined && accepts(member, use)) return true;
    // A value type's constructor without arguments is in no list; constructors are not inherited.
    if (use.isStatic && lower(use.name) === 'new') {
      return use.count === 0 && found.bases.includes('System.ValueType');
    }
    return found.bases.some((base) => this.hasMember(base, use));
  }

  isA(type: string, base: string): boolean {
    const bases = this.#types.get(lower(type))?.bases ?? [];
    return lower(type) === lower(base) || bases.some((item) => this.isA(item, base));
  }

  /** Whether any type has an instance member like this. */
  hasAnyMember(use: Use): boolean {
    return (this.#anyMembers.get(lower(use.name)) ?? []).some((member) => accepts(member, use));
  }

  /** Whether only types of .NET 10 or PowerShell 7 have a member of this name. */
  isNewerName(name: string): boolean {
    return this.#newerNames.has(lower(name));
  }

  findCommand(name: string): Command | undefined {
    return this.#commands.get(lower(name));
  }
}

function accepts({ counts }: Member, { count }: Use): boolean {
  // A method that is named but not called gives its overloads, and a property may hold something to call.
  if (count === undefined || counts === undefined) return true;
  return counts.some((text) => (text.endsWith('+') ? count >= parseInt(text, 10) : count === Number(text)));
}

function readList(name: string): string[] {
  const text = readFileSync(new URL(`windows-powershell-5.1/${name}`, import.meta.url), 'utf8');
  return text.split('\n').filter(Boolean);
}

function lower(text: string): string {
  return text.toLowerCase();
}
