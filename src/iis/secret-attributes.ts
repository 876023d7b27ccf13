import type { XmlAttribute } from './scan.ts';

export type SecretKind = 'password' | 'connectionString' | 'key' | 'setting';

/** What makes an attribute a secret one. */
export interface SecretRule {
  /** The end of the element's path, as `parent/element`. */
  readonly element: RegExp;
  readonly attribute: RegExp;
  readonly kind: SecretKind;
  /** IIS itself encrypts it (encrypted="true" in its schema), so Microsoft.Web.Administration writes it encrypted. */
  readonly encryptable?: true;
  /** The element is invalid without the attribute. */
  readonly required?: true;
  /** Only where a name, key or the value itself says that it is a secret. */
  readonly told?: RegExp;
  /** Values that are no secret. */
  readonly except?: RegExp;
}

const tellingName =
  /passw|passphrase|pwd|secret|token|connectionstring|connstr|api_?key|access_?key|authorization|credential/i;

/**
 * Attributes that hold a secret. The first rule that matches counts.
 *
 * Sources: encrypted="true" in %windir%\System32\inetsrv\config\schema of IIS 7 to 10 (IIS_schema.xml,
 * rewrite_schema.xml, FTP_schema.xml); the sections of ASP.NET and system.net, which hold theirs in clear
 * (https://learn.microsoft.com/dotnet/framework/configure-apps/file-schema/).
 */
export const secretRules: readonly SecretRule[] = [
  // IIS_schema.xml: applicationPools, applicationPoolDefaults
  { element: /\/processModel$/, attribute: /^password$/, kind: 'password', encryptable: true },
  // IIS_schema.xml: sites, site, application
  {
    element: /\/(virtualDirectory|virtualDirectoryDefaults)$/,
    attribute: /^password$/,
    kind: 'password',
    encryptable: true,
  },
  // IIS_schema.xml and FTP_schema.xml (system.ftpServer and site/ftpServer)
  { element: /\/anonymousAuthentication$/, attribute: /^password$/, kind: 'password', encryptable: true },
  // FTP_schema.xml: site/ftpServer/userIsolation
  { element: /\/activeDirectory$/, attribute: /^adPassword$/, kind: 'password', encryptable: true },
  // IIS_schema.xml: iisClientCertificateMappingAuthentication
  {
    element: /\b(oneToOneMappings|manyToOneMappings)\/add$/,
    attribute: /^password$/,
    kind: 'password',
    encryptable: true,
  },
  // IIS_schema.xml: odbcLogging, configurationRedirection, administrators/managementScope
  {
    element: /\/(odbcLogging|configurationRedirection)$|\bmanagementScope\/add$/,
    attribute: /^password$/,
    kind: 'password',
    encryptable: true,
  },
  // rewrite_schema.xml: rewrite/providers/provider
  { element: /\bsettings\/add$/, attribute: /^encryptedValue$/, kind: 'setting', encryptable: true },

  // system.web: authentication/forms/credentials/user
  { element: /\bcredentials\/(add|user)$/, attribute: /^password$/i, kind: 'password', required: true },
  {
    element: /\bconnectionStrings\/add$/,
    attribute: /^connectionString$/i,
    kind: 'connectionString',
    required: true,
  },
  // system.web: machineKey. "AutoGenerate" and its options are no keys.
  {
    element: /\/machineKey$/,
    attribute: /^(validationKey|decryptionKey)$/i,
    kind: 'key',
    except: /^\s*AutoGenerate\b/i,
  },
  { element: /\/sessionState$/, attribute: /^(sql|state)ConnectionString$/i, kind: 'connectionString' },
  // system.web: identity, processModel; system.net: mailSettings/smtp/network, defaultProxy; third parties
  { element: /./, attribute: /^(\w*password|pwd)$/i, kind: 'password', except: /^(true|false)$/i },
  { element: /./, attribute: /^encryptedValue$/i, kind: 'setting' },
  // system.web: membership, roleManager and profile providers
  { element: /\bproviders\/add$/, attribute: /^connectionString$/i, kind: 'connectionString' },
  {
    element:
      /\b(appSettings\/add|settings\/add|environmentVariables\/(add|environmentVariable)|serverVariables\/set)$/,
    attribute: /^value$/i,
    kind: 'setting',
    required: true,
    told: tellingName,
  },
  { element: /\/(aspNetCore|httpPlatform)$/, attribute: /^arguments$/i, kind: 'setting', told: tellingName },
];

/** A connection string with a password in it, or a URL with one, whatever the attribute is called. */
const carriesPassword = [
  /(^|;)\s*(password|pwd|accountkey|sharedaccesskey|accesskey|client_?secret)\s*=\s*[^;\s]/i,
  /:\/\/[^/:@\s]+:[^/@\s]+@/,
];

const connectionInAnything: SecretRule = { element: /./, attribute: /./, kind: 'connectionString' };

/** The rule by which an attribute is secret; `path` is `parent/element`. Empty values are none. */
export function secretRule(
  path: string,
  attribute: XmlAttribute,
  all: readonly XmlAttribute[],
): SecretRule | undefined {
  const { name, value } = attribute;
  if (value === '') return undefined;
  const found = secretRules.find(
    (rule) =>
      rule.attribute.test(name) &&
      rule.element.test(path) &&
      rule.except?.test(value) !== true &&
      (rule.told === undefined || isTold(rule.told, attribute, all)),
  );
  if (found !== undefined) return found;
  return carriesPassword.some((form) => form.test(value)) ? connectionInAnything : undefined;
}

function isTold(telling: RegExp, attribute: XmlAttribute, all: readonly XmlAttribute[]): boolean {
  if (attribute.name === 'arguments') return telling.test(attribute.value);
  return all.some(({ name, value }) => (name === 'name' || name === 'key') && telling.test(value));
}
