import {
  type CarriedCertificate,
  openSecrets,
  planProtected,
  type RestoreOptions,
  type RestorePlan,
  type SiteBackup,
  type SiteStore,
  type SuppliedSecrets,
} from '../../iis/index.ts';
import type { SecretSources } from '../../iis/restore-secrets.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import { nameKey } from '../../model/site.ts';
import { type Finding, finding } from '../../model/finding.ts';
import { bridgeAssembly, DotNet } from '../../windows/dotnet.ts';
import { WebAdministration, webAdministrationAssembly } from '../../windows/web-administration.ts';

/** IIS's own means to open and make encrypted values on this computer, or why there are none. .NET starts here. */
export async function secretStore(): Promise<WebAdministration | { readonly absent: string }> {
  try {
    const assembly = await webAdministrationAssembly();
    return new WebAdministration(await DotNet.load(bridgeAssembly()), assembly);
  } catch (error) {
    return { absent: toFailoverError(error).message };
  }
}

/**
 * Backups with what only IIS knows: encrypted values in clear, where they are sealed under a password, and the
 * certificates of https bindings.
 */
export async function withWhatIisKnows(
  backups: readonly SiteBackup[],
  sealed: boolean,
): Promise<readonly SiteBackup[]> {
  const encrypted = backups.some(({ secrets }) => secrets.some(({ provider, value }) => provider && value));
  const secure = backups.some(
    ({ kind, site }) => kind === undefined && /\sprotocol\s*=\s*["']https/i.test(site),
  );
  const [first] = backups;
  if (first === undefined || !((sealed && encrypted) || secure)) return backups;
  const file = first.configurationFile;
  const store = await secretStore();
  const opened = sealed && encrypted ? await openSecrets(backups, file, store) : backups;
  if (!secure || 'absent' in store) return opened;
  const certificates = await store.certificates(file).catch(() => undefined);
  if (certificates === undefined) return opened;
  return opened.map((backup) => ({
    ...backup,
    certificates: certificates.filter(({ site }) => nameKey(site) === nameKey(backup.name)).map(withoutSite),
  }));
}

function withoutSite({ site, ...certificate }: CarriedCertificate & { site: string }): CarriedCertificate {
  void site;
  return certificate;
}

/** The plan of a restore, with the values that IIS encrypts encrypted by the IIS of this computer. */
export async function planWithSecrets(
  store: SiteStore,
  backups: readonly SiteBackup[],
  supplied: SuppliedSecrets | undefined,
  options: RestoreOptions,
): Promise<{ restore: RestorePlan; encrypted: number }> {
  const plan = (secrets?: SecretSources): RestorePlan => store.planRestore(backups, { ...options, secrets });
  if (store.configuration === undefined) return { restore: plan(), encrypted: 0 };
  const { plan: restore, encrypted } = await planProtected(
    store.configuration,
    backups,
    supplied,
    secretStore,
    plan,
  );
  return { restore, encrypted };
}

/** What a backup carries in a form that only the primary can use. */
export function holes({ name, secrets }: SiteBackup): Finding[] {
  return secrets.flatMap(({ path, hole, provider, account }) => {
    if (hole === undefined) return [];
    const values = { provider: provider?.name ?? 'a provider', why: hole };
    return account === undefined
      ? [finding('SecretNotOpened.value', name, path, values)]
      : [finding('SecretNotOpened.ofAccount', name, path, { ...values, account })];
  });
}
