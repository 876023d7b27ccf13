import { stat } from 'node:fs/promises';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';
import { type LoadedSettings, loadSettings } from '../settings/load.ts';

/** Notices that the settings file has changed. */
export class SettingsWatch {
  readonly #path: string;
  #stamp: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** The file's settings where it has changed since the last look, or what is wrong with it; else undefined. */
  async look(): Promise<LoadedSettings | FailoverError | undefined> {
    const stamp = await stampOf(this.#path);
    const first = this.#stamp === undefined;
    if (stamp === this.#stamp) return undefined;
    this.#stamp = stamp;
    if (first) return undefined;
    try {
      return await loadSettings(this.#path);
    } catch (error) {
      return toFailoverError(error, this.#path);
    }
  }
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 'missing' : `${found.mtimeMs} ${found.size} ${found.ino}`;
}
