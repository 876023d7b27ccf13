import { metabaseProvider } from '../iis6/export.ts';
import { failure } from '../model/failover-error.ts';
import { type Finding, finding } from '../model/finding.ts';
import type { Secret } from '../model/secret.ts';
import { nameKey } from '../model/site.ts';
import type { XmlAttribute, XmlDocument } from './scan.ts';
import { findSecrets, placeholderNumber, type SecretAttribute } from './secrets.ts';
import type { Edit } from './splice.ts';
import type { SuppliedSecret, SuppliedSecrets } from './supplied-secrets.ts';
import type { CarriedSecret, SiteBackup } from './types.ts';
import { encodeAttribute } from './xml-text.ts';

/** Where a restore has secrets from, and what it can do with them. */
export interface SecretSources {
  readonly supplied?: SuppliedSecrets | undefined;
  /** Encrypted values of the target in clear, as far as IIS opened them. */
  readonly opened?: ReadonlyMap<string, Secret>;
  /** Makes the mark that stands for a secret until IIS has encrypted it (protect-secrets.ts). */
  readonly mark?: ((site: string, number: number, value: Secret) => string) | undefined;
  /** Why there is no `mark`. */
  readonly notProtected?: string | undefined;
}

/** The fragment of a backup that secrets are put into. */
export interface SecretContext {
  readonly backup: SiteBackup;
  readonly sources: SecretSources;
  /** Fingerprints of the target's providers (secrets.ts). */
  readonly providers: ReadonlyMap<string, string>;
  readonly existing?:
    { readonly document: XmlDocument; readonly element: SecretAttribute['element'] } | undefined;
  readonly label: string;
}

interface Decision {
  readonly edits: readonly Edit[];
  readonly findings: readonly Finding[];
}

/**
 * Puts secrets back in place of their placeholders. The first that applies:
 *
 * | value | the target | result |
 * |---|---|---|
 * | encrypted, none supplied | has the same provider key | written as it is |
 * | in clear (supplied, opened, or clear on the primary), IIS encrypts the attribute | its IIS encrypts | encrypted there; the value that is there stays where it is the same |
 * | in clear on the primary | | written in clear, as on the primary |
 * | anything else | has a value there for the same account | that value stays |
 * | anything else | has none | attribute left out (the element, where it requires it) |
 *
 * What is encrypted on the primary is never written in clear.
 */
export function secretEdits(document: XmlDocument, context: SecretContext): Decision {
  const { backup, existing, label } = context;
  const own = existing && findSecrets(existing.document, existing.element, label);
  const decisions = findSecrets(document, document.root, label).flatMap((secret) => {
    const number = placeholderNumber(secret.attribute.value);
    if (number === undefined) return [];
    const carried = backup.secrets.find((one) => one.number === number);
    if (carried === undefined)
      throw failure('BackupInvalid.secretMissing', { name: backup.name, number }, { target: backup.name });
    const kept = own?.find(({ path }) => nameKey(path) === nameKey(secret.path));
    return [decide(document, secret, carried, kept, context)];
  });
  return {
    edits: decisions.flatMap(({ edits }) => edits),
    findings: decisions.flatMap(({ findings }) => findings),
  };
}

function decide(
  document: XmlDocument,
  secret: SecretAttribute,
  carried: CarriedSecret,
  kept: SecretAttribute | undefined,
  context: SecretContext,
): Decision {
  const { backup, sources, existing, providers } = context;
  const { provider, value, encryptable } = carried;
  const { path, attribute } = secret;
  const supplied = sources.supplied?.find({
    path,
    site: backup.name,
    kind: carried.kind,
    account: carried.account,
  });
  const write = (text: string): Decision => ({
    edits: [...accountEdits(document, secret, supplied), valueEdit(attribute, text)],
    findings: [],
  });

  const sameKey = provider !== undefined && provider.fingerprint === providers.get(provider.name);
  if (supplied === undefined && value !== undefined && sameKey) return write(value.reveal());

  const clear = supplied?.password ?? carried.opened ?? (provider === undefined ? value : undefined);
  if (clear !== undefined && encryptable === true && sources.mark !== undefined) {
    const there = kept && sources.opened?.get(kept.attribute.value);
    const same = there?.reveal() === clear.reveal();
    return write(kept && same ? kept.attribute.value : sources.mark(backup.name, carried.number, clear));
  }
  if (clear !== undefined && provider === undefined) return write(clear.reveal());

  const why = reasonOf(carried, clear, sources);
  if (kept && existing && sameAccount(document, secret, existing.document, kept))
    return {
      edits: [valueEdit(attribute, kept.attribute.value)],
      findings: [keptFinding(backup.name, path, clear, why)],
    };
  const form = secret.required ? 'setting' : 'value';
  const id = clear === undefined ? 'SecretNotCarried' : 'SecretNotWritable';
  return {
    edits: [leftOut(document, secret)],
    findings: [finding(`${id}.${form}`, backup.name, path, { why })],
  };
}

function keptFinding(site: string, path: string, clear: Secret | undefined, why: string): Finding {
  if (clear === undefined) return finding('SecretKept', site, path);
  return finding('SecretNotWritable.kept', site, path, { why });
}

function reasonOf(
  { provider, value, hole }: CarriedSecret,
  clear: Secret | undefined,
  { notProtected = 'IIS is not asked' }: SecretSources,
): string {
  if (clear !== undefined) return `IIS cannot encrypt it here (${notProtected})`;
  if (value === undefined && provider?.name !== metabaseProvider.name)
    return 'the backup was made without a password';
  const by = `it is encrypted by ${provider?.name ?? 'a provider'} of the primary`;
  return hole === undefined ? by : `${by}, which did not open it (${hole})`;
}

/** The account that a supplied password is for, where the file names another. */
function accountEdits(
  document: XmlDocument,
  { element }: SecretAttribute,
  supplied: SuppliedSecret | undefined,
): Edit[] {
  const userName = supplied?.userName;
  const attribute = document.attributes(element).find(({ name }) => /^(adU|u)serName$/.test(name));
  if (userName === undefined || attribute === undefined) return [];
  return nameKey(attribute.value) === nameKey(userName) ? [] : [valueEdit(attribute, userName)];
}

/** A password goes with its user name: another account's would lock it out. */
function sameAccount(
  document: XmlDocument,
  { element }: SecretAttribute,
  otherDocument: XmlDocument,
  other: SecretAttribute,
): boolean {
  const account = document.attribute(element, 'userName') ?? '';
  return nameKey(account) === nameKey(otherDocument.attribute(other.element, 'userName') ?? '');
}

function leftOut({ text }: XmlDocument, { element, attribute, required }: SecretAttribute): Edit {
  if (required) return { start: element.start, end: element.end, text: '' };
  const start = text.slice(0, attribute.start).trimEnd().length;
  return { start, end: attribute.valueEnd + 1, text: '' };
}

export function valueEdit({ valueStart, valueEnd }: XmlAttribute, value: string): Edit {
  return { start: valueStart, end: valueEnd, text: encodeAttribute(value) };
}
