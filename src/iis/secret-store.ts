import type { Secret } from '../model/secret.ts';

/** Where a secret is, as Microsoft.Web.Administration finds it. */
export interface SecretPlace {
  /** E.g. `system.applicationHost/applicationPools`. */
  readonly section: string;
  /** The path of the `<location>` block, empty outside of one. */
  readonly location: string;
  /** From the section's element to the one that has the attribute. */
  readonly steps: readonly SecretStep[];
  readonly attribute: string;
}

/** A child element, or an item of a collection: by the value of its key, else by its number among those of its name. */
export interface SecretStep {
  readonly name: string;
  readonly key: string | null;
  readonly value: string;
  readonly number: number;
}

/** A value in clear, or why it cannot be had. */
export type OpenedSecret = { readonly value: Secret } | { readonly error: string };

/**
 * Opens and makes the encrypted values of an IIS configuration file on the computer whose keys they are for. Its
 * implementation is src/windows/web-administration.ts.
 */
export interface SecretStore {
  /** The values at these places of a configuration file, in their order. */
  open(file: string, places: readonly SecretPlace[]): Promise<OpenedSecret[]>;
  /**
   * Gives the text of a configuration whose values at these places are set: all or none. What it returns is IIS's own
   * writing of the file, in which the values are encrypted by the file's own providers.
   * @throws FailoverError SecretNotSet
   */
  set(
    text: string,
    values: readonly { readonly place: SecretPlace; readonly value: Secret }[],
  ): Promise<string>;
}
