import { toFailoverError } from '../model/failover-error.ts';
import { placeKey } from './secret-place.ts';
import type { OpenedSecret, SecretPlace, SecretStore } from './secret-store.ts';
import type { CarriedSecret, SiteBackup } from './types.ts';

/**
 * Opens the encrypted values of backups on the computer they were taken from. One that cannot be opened stays
 * encrypted, of use to the primary alone, and says why (`hole`).
 * @param store what opens them, or why nothing can
 */
export async function openSecrets(
  backups: readonly SiteBackup[],
  configurationFile: string,
  store: SecretStore | { readonly absent: string },
): Promise<SiteBackup[]> {
  const places = new Map<string, SecretPlace>();
  for (const { place } of backups.flatMap(({ secrets }) => secrets))
    if (place !== undefined) places.set(placeKey(place), place);
  const opened = new Map<string, OpenedSecret>();
  const results =
    'absent' in store || places.size === 0
      ? []
      : await openAll(store, configurationFile, [...places.values()]);
  for (const [index, key] of [...places.keys()].entries()) {
    const result = results[index];
    if (result !== undefined) opened.set(key, result);
  }
  const open = (secret: CarriedSecret): CarriedSecret => {
    if (secret.provider === undefined || secret.value === undefined) return secret;
    if ('absent' in store) return { ...secret, hole: store.absent };
    const found = secret.place && opened.get(placeKey(secret.place));
    if (found === undefined) return { ...secret, hole: 'the file does not declare its section' };
    return 'error' in found ? { ...secret, hole: found.error } : { ...secret, opened: found.value };
  };
  return backups.map((backup) => ({ ...backup, secrets: backup.secrets.map(open) }));
}

/** Without the right to read the file's keys, IIS's answer is the same for each value. */
async function openAll(
  store: SecretStore,
  file: string,
  places: readonly SecretPlace[],
): Promise<OpenedSecret[]> {
  try {
    return await store.open(file, places);
  } catch (error) {
    const why = { error: toFailoverError(error).message };
    return places.map(() => why);
  }
}
