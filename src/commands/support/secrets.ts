import {
  openSecrets,
  planProtected,
  type RestoreOptions,
  type RestorePlan,
  type SecretStore,
  type SiteBackup,
  type SiteStore,
  type SuppliedSecrets,
} from '../../iis/index.ts';
import type { SecretSources } from '../../iis/restore-secrets.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import { type Finding, finding } from '../../model/finding.ts';
import { bridgeAssembly, DotNet } from '../../windows/dotnet.ts';
import { WebAdministration, webAdministrationAssembly } from '../../windows/web-administration.ts';

/** IIS's own means to open and make encrypted values on this computer, or why there are none. .NET starts here. */
export async function secretStore(): Promise<SecretStore | { readonly absent: string }> {
  try {
    const assembly = await webAdministrationAssembly();
    return new WebAdministration(await DotNet.load(bridgeAssembly()), assembly);
  } catch (error) {
    return { absent: toFailoverError(error).message };
  }
}

/** Only what is sealed under a password may be opened. */
export async function withOpenedSecrets(
  backups: readonly SiteBackup[],
  sealed: boolean,
): Promise<readonly SiteBackup[]> {
  const encrypted = backups.some(({ secrets }) => secrets.some(({ provider, value }) => provider && value));
  const [first] = backups;
  if (!sealed || !encrypted || first === undefined) return backups;
  return openSecrets(backups, first.configurationFile, await secretStore());
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
    const whose = account === undefined ? '' : ` of ${account}`;
    const message = `The value${whose} is encrypted by ${provider?.name ?? 'a provider'} and was not opened: ${hole}.`;
    return [finding('SecretNotOpened', name, path, message)];
  });
}
