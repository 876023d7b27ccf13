import type { Secret } from '../model/secret.ts';
import { nameKey } from '../model/site.ts';

/** A password, and the account that has it here where it is another one than on the primary. */
export interface SuppliedSecret {
  readonly userName?: string | undefined;
  readonly password: Secret;
}

/** What an administrator supplies for a restore, by user name, application pool or the location of a finding. */
export class SuppliedSecrets {
  readonly #byKey: ReadonlyMap<string, { readonly key: string; readonly secret: SuppliedSecret }>;
  readonly #used = new Set<string>();

  constructor(entries: Iterable<readonly [key: string, secret: SuppliedSecret]>) {
    this.#byKey = new Map([...entries].map(([key, secret]) => [nameKey(key), { key, secret }]));
  }

  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  /** The most exact key counts: the location, then the pool, then the user name, which is for passwords alone. */
  find(secret: {
    readonly path: string;
    readonly site: string;
    readonly kind: string | undefined;
    readonly account: string | undefined;
  }): SuppliedSecret | undefined {
    const { path, site, kind, account } = secret;
    const pool = /^applicationPools\/add\[name=(.*)\]\/processModel\/@password$/.exec(path)?.[1];
    const keys = [`${site}:${path}`, path, pool, kind === 'password' ? account : undefined];
    for (const key of keys) {
      const found = key === undefined ? undefined : this.#byKey.get(nameKey(key));
      if (found === undefined) continue;
      this.#used.add(found.key);
      return found.secret;
    }
    return undefined;
  }

  /** Keys that no secret of the restore has: most likely misspelled. */
  unused(): string[] {
    return [...this.#byKey.values()].map(({ key }) => key).filter((key) => !this.#used.has(key));
  }
}
