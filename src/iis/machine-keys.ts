import { createHmac, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { readIfPresent } from '../edge/files.ts';
import { type Finding, finding } from '../model/finding.ts';
import { decodeUtf8, parseXml } from './gate.ts';
import type { XmlDocument } from './scan.ts';

/** The machineKey that ASP.NET of one framework uses where no site sets its own; never the key itself. */
export interface MachineKey {
  /** E.g. `Framework64 v4.0.30319`. */
  readonly framework: string;
  /** HMAC-SHA-256 of its keys and algorithms under the backup's salt, or `auto` where the server makes its own. */
  readonly fingerprint: string;
}

export interface MachineKeys {
  /** Base64; of one run of backups. */
  readonly salt: string;
  readonly keys: readonly MachineKey[];
}

/**
 * The folder of Windows that a configuration file in its own place belongs to, also through a share. Undefined for a
 * copy elsewhere, which says nothing of its server.
 */
export function windowsFolderOf(configurationFile: string): string | undefined {
  return /^(.*)[\\/](?:System32|Sysnative)[\\/]inetsrv[\\/]config[\\/][^\\/]+$/i.exec(configurationFile)?.[1];
}

/**
 * The machineKey of each framework of a server, 32 and 64 bit: machine.config, over it the root web.config
 * (https://learn.microsoft.com/dotnet/api/system.web.configuration.machinekeysection). Frameworks whose files cannot
 * be read or keep it encrypted are left out.
 */
export async function readMachineKeys(
  windowsFolder: string,
  salt = randomBytes(16).toString('base64'),
): Promise<MachineKeys> {
  const keys: MachineKey[] = [];
  for (const bits of ['Framework', 'Framework64']) {
    const base = `${windowsFolder}/Microsoft.NET/${bits}`;
    const versions = await readdir(base).catch(() => []);
    for (const version of versions.filter((name) => /^v\d/.test(name)).sort()) {
      const folder = `${base}/${version}/Config`;
      const fingerprint = await fingerprintOf(folder, salt);
      if (fingerprint !== undefined) keys.push({ framework: `${bits} ${version}`, fingerprint });
    }
  }
  return { salt, keys };
}

async function fingerprintOf(folder: string, salt: string): Promise<string | undefined> {
  let found: Record<string, string> | undefined;
  for (const name of ['machine.config', 'web.config']) {
    const path = `${folder}/${name}`;
    try {
      const bytes = await readIfPresent(path);
      if (bytes === undefined && name === 'machine.config') return undefined;
      if (bytes === undefined) continue;
      const own = machineKeyIn(parseXml(decodeUtf8(bytes, path), path, 'ConfigurationMalformed'));
      if (own === 'protected') return undefined;
      found = own ?? found;
    } catch {
      return undefined;
    }
  }
  const keys = [found?.validationKey, found?.decryptionKey];
  if (keys.every((key) => key === undefined || /^\s*AutoGenerate\b/i.test(key))) return 'auto';
  const parts = [...keys, found?.validation, found?.decryption, found?.compatibilityMode];
  return createHmac('sha256', Buffer.from(salt, 'base64'))
    .update(JSON.stringify(parts))
    .digest('hex')
    .slice(0, 32);
}

/** The last machineKey of system.web outside of named locations. */
function machineKeyIn(document: XmlDocument): Record<string, string> | 'protected' | undefined {
  const { root } = document;
  const everywhere = document
    .childrenNamed(root, 'location')
    .filter((block) => ['', '.'].includes(document.attribute(block, 'path') ?? ''));
  const element = [root, ...everywhere]
    .flatMap((parent) => document.childrenNamed(parent, 'system.web'))
    .flatMap((web) => document.childrenNamed(web, 'machineKey'))
    .at(-1);
  if (element === undefined) return undefined;
  const attributes = document.attributes(element).map(({ name, value }) => [name, value] as const);
  const values = Object.fromEntries(attributes);
  return 'configProtectionProvider' in values || 'configSource' in values ? 'protected' : values;
}

/** The differences between the servers of these backups and the target, each once. */
export function compareServerKeys(
  backups: readonly { readonly machineKeys?: MachineKeys | undefined }[],
  own: ReadonlyMap<string, MachineKeys> | undefined,
): Finding[] {
  const findings = backups.flatMap(({ machineKeys }) => {
    const here = machineKeys && own?.get(machineKeys.salt);
    return machineKeys === undefined || here === undefined ? [] : compareMachineKeys(machineKeys, here);
  });
  return [...new Map(findings.map((one) => [one.message, one])).values()];
}

/** The machine keys of the server that a configuration file is in force on, for comparison with those of backups. */
export async function machineKeysFor(
  configurationFile: string,
  backups: readonly { readonly machineKeys?: MachineKeys | undefined }[],
): Promise<ReadonlyMap<string, MachineKeys>> {
  const folder = windowsFolderOf(configurationFile);
  const salts = new Set(
    backups.flatMap(({ machineKeys }) => (machineKeys === undefined ? [] : [machineKeys.salt])),
  );
  const keys = new Map<string, MachineKeys>();
  if (folder !== undefined) for (const salt of salts) keys.set(salt, await readMachineKeys(folder, salt));
  return keys;
}

/**
 * What visitors lose when they are moved: with another machineKey, the failover server reads neither their forms
 * authentication tickets nor the view state of their pages.
 */
function compareMachineKeys(primary: MachineKeys, own: MachineKeys): Finding[] {
  const differing = new Map<Difference, string[]>();
  for (const { framework, fingerprint } of primary.keys) {
    const here = own.keys.find((one) => one.framework.toLowerCase() === framework.toLowerCase())?.fingerprint;
    const how = here === undefined ? undefined : difference(fingerprint, here);
    if (how !== undefined) differing.set(how, [...(differing.get(how) ?? []), framework]);
  }
  return [...differing].map(([how, frameworks]) =>
    finding(`MachineKeyDiffers.${how}`, '', 'system.web/machineKey', { frameworks: frameworks.join(', ') }),
  );
}

type Difference = 'ofPrimary' | 'ofStandby' | 'another';

function difference(primary: string, here: string): Difference | undefined {
  if (primary === 'auto') return 'ofPrimary';
  if (primary === here) return undefined;
  return here === 'auto' ? 'ofStandby' : 'another';
}
