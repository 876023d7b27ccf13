import { join } from 'node:path';
import { readIfPresent, replaceFile } from '../edge/files.ts';
import { withLock } from '../edge/lock.ts';
import { failure } from '../model/failover-error.ts';
import { fileKey, type RecordedChange } from './entry.ts';

/** What the module created in one configuration file. Names are compared without regard to case. */
export interface Ownership {
  owns(element: string, name: string): boolean;
  /** Names of the elements of a kind, as they were created. */
  names(element: string): readonly string[];
}

type Elements = Readonly<Record<string, readonly string[]>>;

/** owned.json: for each configuration file, by its full path, the names of the elements by kind. */
interface OwnedFile {
  readonly format: 1;
  readonly files: Readonly<Record<string, Elements>>;
}

/**
 * What the module created on this server and has not removed since; nothing where it never ran. What stood there
 * before its first restore is never in it.
 * @throws FailoverError StateUnreadable
 */
export async function readOwnership(stateFolder: string, configurationFile: string): Promise<Ownership> {
  const elements = (await readOwned(stateFolder)).files[fileKey(configurationFile)] ?? {};
  return {
    owns: (element, name) => (elements[element] ?? []).some((one) => sameName(one, name)),
    names: (element) => elements[element] ?? [],
  };
}

/** Takes over what these changes say of ownership. Doing so again changes nothing. */
export async function recordOwnership(
  stateFolder: string,
  configurationFile: string,
  changes: readonly RecordedChange[],
): Promise<void> {
  if (changes.every(({ owned }) => owned.before === owned.after)) return;
  const path = ownedPath(stateFolder);
  await withLock(path, async () => {
    const file = await readOwned(stateFolder);
    const key = fileKey(configurationFile);
    const elements: Record<string, readonly string[]> = { ...file.files[key] };
    for (const { element, name, owned } of changes) {
      const others = (elements[element] ?? []).filter((one) => !sameName(one, name));
      elements[element] = owned.after ? [...others, name] : others;
    }
    const files = { ...file.files, [key]: elements };
    await replaceFile(path, `${JSON.stringify({ format: 1, files } satisfies OwnedFile, undefined, 2)}\n`);
  });
}

function ownedPath(stateFolder: string): string {
  return join(stateFolder, 'owned.json');
}

async function readOwned(stateFolder: string): Promise<OwnedFile> {
  const path = ownedPath(stateFolder);
  const bytes = await readIfPresent(path);
  if (bytes === undefined) return { format: 1, files: {} };
  try {
    const file = JSON.parse(bytes.toString('utf8')) as OwnedFile;
    if (file.format !== 1 || typeof file.files !== 'object')
      throw new Error('it is not an ownership file of format 1');
    return file;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw failure('OwnershipUnreadable', { path, why }, { target: path, cause: error });
  }
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
