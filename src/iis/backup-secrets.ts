import type { PasswordBox } from '../edge/secret-box.ts';
import { failure } from '../model/failover-error.ts';
import { Secret } from '../model/secret.ts';
import type { XmlDocument, XmlElement } from './scan.ts';
import type { SecretKind } from './secret-attributes.ts';
import type { CarriedSecret } from './types.ts';

/** What a backup file says of a secret without its value. */
export function secretAttributes(secret: CarriedSecret): Record<string, string | number | undefined> {
  const { number, path, kind, account, encryptable, provider, hole } = secret;
  return {
    number,
    path,
    kind,
    account,
    encryptable: encryptable ? 'true' : undefined,
    provider: provider?.name,
    fingerprint: provider?.fingerprint,
    hole,
  };
}

/** A value as it is in the primary's file or, where IIS opened it, the two of it. */
type Sealed = string | null | readonly [value: string, opened: string];

/** The sealed values of all secrets, undefined where a backup carries none. */
export async function sealSecrets(
  secrets: readonly CarriedSecret[],
  box: PasswordBox | undefined,
): Promise<string | undefined> {
  if (box === undefined || secrets.length === 0) return undefined;
  const values = secrets.map(({ value, opened }): Sealed => {
    if (value === undefined) return null;
    return opened === undefined ? value.reveal() : [value.reveal(), opened.reveal()];
  });
  return box.seal(JSON.stringify(values));
}

/**
 * The secrets of a backup file, with their values where the box opens them.
 * @throws FailoverError BackupTampered
 */
export async function readSecrets(
  document: XmlDocument,
  container: XmlElement | undefined,
  box: PasswordBox | undefined,
  path: string,
  required: (element: XmlElement, name: string) => string,
): Promise<CarriedSecret[]> {
  if (container === undefined) return [];
  const values = await openValues(document.attribute(container, 'sealed'), box, path);
  return document.children(container).map((element, index): CarriedSecret => {
    const optional = (name: string): string | undefined => document.attribute(element, name);
    const provider = optional('provider');
    const [value, opened] = [values?.[index]].flat() as (string | null | undefined)[];
    const kind = optional('kind') as SecretKind | undefined;
    const account = optional('account');
    const hole = optional('hole');
    return {
      number: Number(required(element, 'number')),
      path: required(element, 'path'),
      ...(kind && { kind }),
      ...(account && { account }),
      ...(optional('encryptable') && { encryptable: true }),
      ...(provider !== undefined && {
        provider: { name: provider, fingerprint: required(element, 'fingerprint') },
      }),
      ...(hole && { hole }),
      value: typeof value === 'string' ? new Secret(value) : undefined,
      ...(typeof opened === 'string' && { opened: new Secret(opened) }),
    };
  });
}

async function openValues(sealed: string | undefined, box: PasswordBox | undefined, path: string) {
  if (sealed === undefined || box === undefined) return undefined;
  try {
    return JSON.parse(await box.open(sealed)) as unknown[];
  } catch (error) {
    throw failure('BackupTampered.secrets', { path }, { target: path, cause: error });
  }
}
