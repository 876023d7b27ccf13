import type { Finding } from '../model/finding.ts';
import type { PathVariables } from '../model/path-variables.ts';
import type { Secret } from '../model/secret.ts';
import type { ContentRoot } from '../model/site.ts';
import type { CarriedCertificate } from './certificates.ts';
import type { MachineKeys } from './machine-keys.ts';
import type { SecretSources } from './restore-secrets.ts';
import type { SecretKind } from './secret-attributes.ts';
import type { SecretPlace } from './secret-store.ts';
import type { PruneRequest } from './prune-plan.ts';

/**
 * All that is a site, as XML fragments in which each secret value is replaced by a placeholder
 * (see secrets.ts). What a backup file holds, before it is sealed and after it is opened.
 */
export interface SiteBackup {
  /** Set for a site of IIS 6: its fragments are elements of a MetaBase.xml (src/iis6). */
  readonly kind?: 'IIS6' | undefined;
  readonly name: string;
  readonly id: number;
  /** The server it was taken from. */
  readonly source: string;
  /** The configuration file it was taken from. */
  readonly configurationFile: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly contentRoots: readonly ContentRoot[];
  /** The `<site>` element; of IIS 6 an `<MBProperty>` with all nodes of the site. */
  readonly site: string;
  /** The `<add>` element of each pool that the site's applications run in. */
  readonly applicationPools: readonly NamedFragment[];
  /** The `<location>` blocks of the site and what is below it; the name is the block's path. */
  readonly locations: readonly NamedFragment[];
  /** The server-wide defaults the site relies on, by element name (siteDefaults, …); never written to a target. */
  readonly defaults: readonly NamedFragment[];
  readonly secrets: readonly CarriedSecret[];
  /** What the server has for all of its sites; undefined in backups of versions that did not record it. */
  readonly features?: ServerFeatures | undefined;
  /** Of the site's https bindings, without those of a central store; undefined where they are not known. */
  readonly certificates?: readonly CarriedCertificate[] | undefined;
  /** Fingerprints of the server's machine keys; undefined where they could not be read. */
  readonly machineKeys?: MachineKeys | undefined;
}

/** Names of what web.config files of a site may rely on. */
export interface ServerFeatures {
  readonly globalModules: readonly string[];
  readonly handlers: readonly string[];
  readonly webFarms: readonly string[];
}

export interface NamedFragment {
  readonly name: string;
  readonly xml: string;
}

/** A secret attribute value taken out of the fragments. */
export interface CarriedSecret {
  /** The n of its placeholder. */
  readonly number: number;
  /** Where it was, e.g. `site/application[path=/]/virtualDirectory[path=/]/@password`. */
  readonly path: string;
  /** Set where the value is `[enc:provider:…:enc]`: only the machine with the same session key can read it. */
  readonly provider?: { readonly name: string; readonly fingerprint: string };
  /** Undefined where the backup was made without a password and so carries no secrets. */
  readonly value: Secret | undefined;
  readonly kind?: SecretKind | undefined;
  /** The user name beside a password. */
  readonly account?: string | undefined;
  /** IIS encrypts it in the file. */
  readonly encryptable?: boolean | undefined;
  /** What the encrypted value is in clear, where IIS opened it on the primary. */
  readonly opened?: Secret | undefined;
  /** Why an encrypted value was not opened on the primary: only the primary can use what is carried. */
  readonly hole?: string | undefined;
  /** Where it is in the primary's file; not in a backup file. */
  readonly place?: SecretPlace | undefined;
}

export interface RestoreOptions {
  /** Prefixes of physical paths, as in src/model/path-map.ts. */
  readonly pathMap?: ReadonlyMap<string, string>;
  /** What `%Name%` in a physical path stands for where a prefix is compared. Default: this system's. */
  readonly variables?: PathVariables;
  /** Binding addresses: IPv4, IPv6 (with or without brackets), or `*`. */
  readonly addressMap?: ReadonlyMap<string, string>;
  /** Writes what a site takes from the primary's server-wide defaults into the site, where the target's differ. */
  readonly materializeDefaults?: boolean | undefined;
  /** Whether the target has a drive (`D:`). Undefined where this process does not run on the target. */
  readonly driveExists?: ((drive: string) => boolean) | undefined;
  /** Removes sites that left the list. */
  readonly prune?: PruneRequest | undefined;
  /** Default: what the backups carry, and nothing that encrypts. */
  readonly secrets?: SecretSources | undefined;
  /** The target's machine keys, by the salts of the backups. */
  readonly machineKeys?: ReadonlyMap<string, MachineKeys> | undefined;
}

/** What a restore would change for one site. Pure description: it holds no secret. */
export interface SiteRestorePlan {
  /** As in the backup. */
  readonly name: string;
  /** The id the site will have on the target. */
  readonly id: number;
  /** Empty where the target already has all of it. */
  readonly changes: readonly SiteChange[];
  readonly findings: readonly Finding[];
  /** True where a finding is an error: the site is not restored, its changes are empty. */
  readonly refused: boolean;
}

export interface SiteChange {
  readonly action: 'add' | 'update' | 'remove';
  readonly element: 'site' | 'applicationPool' | 'location';
  /** Site or pool name, or location path. */
  readonly name: string;
}

export interface RestorePlan {
  readonly sites: readonly SiteRestorePlan[];
  /** What concerns no single site; their `site` is empty. */
  readonly findings: readonly Finding[];
  /** The new text of the configuration file with the changes of these sites (names of the plan) alone. */
  text(approved: readonly string[]): string;
  /** The changes that this text has; default: all that the approved sites name. */
  changes?(approved: readonly string[]): readonly (SiteChange & { readonly site: string })[];
}
