import { sha256 } from '../edge/files.ts';
import type { Configuration } from './configuration.ts';
import { attributePath } from './element-path.ts';
import { meaning } from './meaning.ts';
import type { XmlAttribute, XmlDocument, XmlElement } from './scan.ts';
import { type SecretKind, secretRule } from './secret-attributes.ts';

/** IIS trims nothing, but files written by hand have line breaks and spaces around and inside such values. */
const encrypted = /^\s*\[\s*enc\s*:([^:\]]+):.*:\s*enc\s*\]\s*$/is;
const placeholder = /^\[failover:secret:(\d+)\]$/;

export interface SecretAttribute {
  readonly element: XmlElement;
  readonly attribute: XmlAttribute;
  readonly path: string;
  readonly required: boolean;
  readonly kind: SecretKind;
  /** IIS encrypts it: by its schema, or because the value is encrypted already. */
  readonly encryptable: boolean;
  /** The provider of an `[enc:provider:…:enc]` value. */
  readonly provider: string | undefined;
}

/** All secret attributes of an element (`label` in their paths) and what is below it, in the order of the text. */
export function findSecrets(document: XmlDocument, root: XmlElement, label: string): SecretAttribute[] {
  const found: SecretAttribute[] = [];
  for (const element of document.walk(root)) {
    const attributes = document.attributes(element);
    for (const attribute of attributes) {
      const kind = secretKind(element, attribute, attributes);
      if (kind === undefined) continue;
      const path = attributePath(document, root, element, attribute.name, label);
      found.push({ element, attribute, path, ...kind });
    }
  }
  return found;
}

/** What an element is called by is no secret, whatever it looks like: a restore that left it out would break the file. */
const identifying = ['name', 'id', 'path'];

function secretKind(
  element: XmlElement,
  attribute: XmlAttribute,
  all: readonly XmlAttribute[],
): Pick<SecretAttribute, 'required' | 'kind' | 'encryptable' | 'provider'> | undefined {
  if (identifying.includes(attribute.name)) return undefined;
  const provider = encrypted.exec(attribute.value)?.[1]?.trim();
  const rule = secretRule(`${element.parent?.name ?? ''}/${element.name}`, attribute, all);
  // A clear value that looks like a placeholder would be taken for one: it travels sealed as well.
  if (rule === undefined && provider === undefined && !placeholder.test(attribute.value)) return undefined;
  return {
    required: rule?.required === true,
    kind: rule?.kind ?? 'setting',
    encryptable: rule?.encryptable === true || provider !== undefined,
    provider,
  };
}

/** What stands in a fragment for the secret of this number. */
export function placeholderFor(number: number): string {
  return `[failover:secret:${number}]`;
}

/** The number of a placeholder, undefined for any other value. */
export function placeholderNumber(value: string): number | undefined {
  const digits = placeholder.exec(value)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Fingerprints of the encryption providers that hold a session key of this machine, by name. A value encrypted by
 * one can be read where a provider has the same fingerprint. Providers without a session key in the file (RSA, CNG)
 * keep their key in Windows, so the file cannot tell two machines apart: they have none.
 */
export function providerFingerprints(configuration: Configuration): ReadonlyMap<string, string> {
  const known = fingerprintsOf.get(configuration) ?? readFingerprints(configuration);
  fingerprintsOf.set(configuration, known);
  return known;
}

/** Asked for each site: in a file of ten thousand, looking for the section takes longer than the site. */
const fingerprintsOf = new WeakMap<Configuration, ReadonlyMap<string, string>>();

function readFingerprints({ document }: Configuration): Map<string, string> {
  const fingerprints = new Map<string, string>();
  const section = document.child(document.root, 'configProtectedData');
  const providers = section && document.child(section, 'providers');
  if (providers === undefined) return fingerprints;
  for (const provider of document.childrenNamed(providers, 'add')) {
    const name = document.attribute(provider, 'name');
    if (name !== undefined && document.attribute(provider, 'sessionKey'))
      fingerprints.set(name, sha256(meaning(document, provider)));
  }
  return fingerprints;
}
