import { randomUUID } from 'node:crypto';
import { failure, toFailoverError } from '../model/failover-error.ts';
import type { Secret } from '../model/secret.ts';
import { nameKey } from '../model/site.ts';
import type { Configuration } from './configuration.ts';
import { parseXml } from './gate.ts';
import type { SecretSources } from './restore-secrets.ts';
import { placeKey, secretPlace } from './secret-place.ts';
import type { SecretPlace, SecretStore } from './secret-store.ts';
import { findSecrets } from './secrets.ts';
import type { SuppliedSecrets } from './supplied-secrets.ts';
import type { RestorePlan, SiteBackup } from './types.ts';

export interface ProtectedPlan {
  readonly plan: RestorePlan;
  /** How many values IIS encrypted for it. */
  readonly encrypted: number;
}

/**
 * A plan in which IIS has encrypted what it encrypts. The values are set in a copy of the planned file, and only
 * what IIS makes of them is taken over: the target is still written once, by the restore, and in no other place.
 * Where IIS cannot, the plan is made without, and its findings say so.
 * @param plan makes the plan of a restore with these sources
 */
export async function planProtected(
  configuration: Configuration,
  backups: readonly SiteBackup[],
  supplied: SuppliedSecrets | undefined,
  openStore: () => Promise<SecretStore | { readonly absent: string }>,
  plan: (secrets: SecretSources) => RestorePlan,
): Promise<ProtectedPlan> {
  const needed = supplied !== undefined || backups.some((one) => one.secrets.some(isForIis));
  const store = needed ? await openStore() : { absent: 'nothing needs it' };
  if ('absent' in store) return { plan: plan({ supplied, notProtected: store.absent }), encrypted: 0 };
  try {
    const opened = await openOwn(configuration, backups, store);
    const marks = new Marks();
    const planned = plan({ supplied, opened, mark: marks.add });
    return await encrypt(planned, configuration.path, marks, store);
  } catch (error) {
    const failure = toFailoverError(error);
    if (failure.id !== 'SecretNotSet' && failure.id !== 'DotNetFailed') throw failure;
    return { plan: plan({ supplied, notProtected: failure.message }), encrypted: 0 };
  }
}

function isForIis({ opened, encryptable, provider, value }: SiteBackup['secrets'][number]): boolean {
  return opened !== undefined || (encryptable === true && provider === undefined && value !== undefined);
}

/** Stand for values in a planned text until IIS has encrypted them. Nothing else in a file looks like them. */
class Marks {
  readonly #prefix = `failover-${randomUUID()}-`;
  readonly #values: Secret[] = [];
  readonly #numbers = new Map<string, number>();

  readonly add = (site: string, number: number, value: Secret): string => {
    const key = `${number} ${nameKey(site)}`;
    const index = this.#numbers.get(key) ?? this.#values.push(value) - 1;
    this.#numbers.set(key, index);
    return `${this.#prefix}${index}`;
  };

  isIn(text: string): boolean {
    return text.includes(this.#prefix);
  }

  valueOf(mark: string): Secret | undefined {
    return mark.startsWith(this.#prefix) ? this.#values[Number(mark.slice(this.#prefix.length))] : undefined;
  }

  replace(text: string, values: ReadonlyMap<string, string>): string {
    return text.replace(new RegExp(`${this.#prefix}\\d+`, 'g'), (mark) => {
      const value = values.get(mark);
      if (value === undefined) throw new Error('a secret of the plan was not encrypted');
      return value;
    });
  }
}

async function encrypt(
  plan: RestorePlan,
  path: string,
  marks: Marks,
  store: SecretStore,
): Promise<ProtectedPlan> {
  const sites = plan.sites.filter(({ refused }) => !refused).map(({ name }) => name);
  const text = plan.text(sites);
  if (!marks.isIn(text)) return { plan, encrypted: 0 };
  const places = markedPlaces(text, path, marks);
  const set = await store.set(
    text,
    places.map(({ place, value }) => ({ place, value })),
  );
  const encrypted = encryptedValues(set, path);
  const values = new Map<string, string>();
  for (const { mark, place } of places) {
    const value = encrypted.get(placeKey(place));
    if (value === undefined)
      throw failure('SecretNotSet.notEncrypted', { section: place.section, attribute: place.attribute });
    values.set(mark, value);
  }
  return {
    plan: { ...plan, text: (approved) => marks.replace(plan.text(approved), values) },
    encrypted: places.length,
  };
}

function markedPlaces(
  text: string,
  path: string,
  marks: Marks,
): { mark: string; place: SecretPlace; value: Secret }[] {
  const document = parseXml(text, path, 'Internal');
  const places: { mark: string; place: SecretPlace; value: Secret }[] = [];
  for (const element of document.walk(document.root))
    for (const { name, value: mark } of document.attributes(element)) {
      const value = marks.valueOf(mark);
      if (value === undefined) continue;
      const place = secretPlace(document, element, name);
      if (place === undefined) throw failure('SecretNotSet.undeclared', { element: element.name, path });
      places.push({ mark, place, value });
    }
  return places;
}

function encryptedValues(text: string, path: string): Map<string, string> {
  const document = parseXml(text, path, 'Internal');
  const values = new Map<string, string>();
  for (const { element, attribute, provider } of findSecrets(document, document.root, '')) {
    const place = provider === undefined ? undefined : secretPlace(document, element, attribute.name);
    if (place !== undefined) values.set(placeKey(place), attribute.value);
  }
  return values;
}

/** The target's own encrypted values of these sites in clear, so that a second restore finds nothing to do. */
async function openOwn(
  { document, path, sites, pools, locations }: Configuration,
  backups: readonly SiteBackup[],
  store: SecretStore,
): Promise<Map<string, Secret>> {
  const roots = backups.flatMap(({ name, applicationPools }) => [
    sites.get(nameKey(name))?.element,
    ...applicationPools.map((pool) => pools.get(nameKey(pool.name))),
    ...(locations.get(nameKey(name)) ?? []),
  ]);
  const found = [...new Set(roots)].flatMap((root) =>
    root === undefined
      ? []
      : findSecrets(document, root, '').filter(({ provider }) => provider !== undefined),
  );
  const known = found.flatMap(({ element, attribute }) => {
    const place = secretPlace(document, element, attribute.name);
    return place === undefined ? [] : [{ place, value: attribute.value }];
  });
  if (known.length === 0) return new Map();
  const opened = await store.open(
    path,
    known.map(({ place }) => place),
  );
  return new Map(
    known.flatMap(({ value }, index): [string, Secret][] => {
      const one = opened[index];
      return one !== undefined && 'value' in one ? [[value, one.value]] : [];
    }),
  );
}
