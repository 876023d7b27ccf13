import { fileStamp } from '../edge/files.ts';
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
    const stamp = await fileStamp(this.#path);
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
