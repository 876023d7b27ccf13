import { sha256 } from '../edge/files.ts';
import type { Configuration } from './configuration.ts';
import { attributePath } from './element-path.ts';
import { meaning } from './meaning.ts';
import type { XmlAttribute, XmlDocument, XmlElement } from './scan.ts';

/**
 * Attributes that hold a secret: those with encrypted="true" in IIS_schema.xml and rewrite_schema.xml, and those of
 * ASP.NET and application settings that hold one in clear. Elements are named by the end of their path; `required`
 * ones cannot be left out without making the element invalid. First match counts.
 *
 * | element | attribute | required |
 */
const rules: readonly { element: RegExp; attribute: RegExp; required: boolean; named?: true }[] = [
  { element: /\bcredentials\/(add|user)$/, attribute: /^password$/i, required: true },
  { element: /\bconnectionStrings\/add$/, attribute: /^connectionString$/i, required: true },
  { element: /./, attribute: /^(password|encryptedValue)$/i, required: false },
  { element: /\bmachineKey$/, attribute: /^(validationKey|decryptionKey)$/i, required: false },
  { element: /\bsessionState$/, attribute: /^(sql|state)ConnectionString$/i, required: false },
  {
    element: /\b(appSettings|environmentVariables)\/(add|environmentVariable)$/,
    attribute: /^value$/i,
    required: true,
    named: true,
  },
];

/** Settings of which only the name tells that their value is a secret. */
const secretName = /passw|passphrase|pwd|secret|token|connectionstring|connstr|api_?key|access_?key/i;

const encrypted = /^\[enc:([^:\]]+):.*:enc\]$/s;
const placeholder = /^\[failover:secret:(\d+)\]$/;

export interface SecretAttribute {
  readonly element: XmlElement;
  readonly attribute: XmlAttribute;
  readonly path: string;
  readonly required: boolean;
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

function secretKind(
  element: XmlElement,
  attribute: XmlAttribute,
  all: readonly XmlAttribute[],
): Pick<SecretAttribute, 'required' | 'provider'> | undefined {
  if (attribute.value === '') return undefined;
  const path = `${element.parent?.name ?? ''}/${element.name}`;
  const provider = encrypted.exec(attribute.value)?.[1];
  const rule = rules.find((one) => one.attribute.test(attribute.name) && one.element.test(path));
  if (rule !== undefined && (provider !== undefined || isSecretByRule(rule, all)))
    return { required: rule.required, provider };
  // A clear value that looks like a placeholder would be taken for one: it travels sealed as well.
  if (provider !== undefined || placeholder.test(attribute.value)) return { required: false, provider };
  return undefined;
}

function isSecretByRule(rule: { named?: true }, all: readonly XmlAttribute[]): boolean {
  if (rule.named === undefined) return true;
  return all.some(({ name, value }) => (name === 'name' || name === 'key') && secretName.test(value));
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
export function providerFingerprints({ document }: Configuration): Map<string, string> {
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
