import { join } from 'node:path';
import { readOwnership } from '../../history/index.ts';
import { type PruneRequest, readSiteList, siteListName, type SiteStore } from '../../iis/index.ts';
import { FailoverError } from '../../model/failover-error.ts';

/**
 * What -Prune asks for. A run for some sites of the list says nothing of the others.
 * @throws FailoverError ParameterInvalid
 */
export async function pruneRequest(
  parameters: {
    readonly Prune?: boolean | undefined;
    readonly Force?: boolean | undefined;
    readonly Name?: unknown;
    readonly Version?: unknown;
  },
  source: string,
  { kind, path }: SiteStore,
  stateFolder: string,
): Promise<PruneRequest | undefined> {
  if (parameters.Prune !== true) return undefined;
  const invalid = (why: string): FailoverError =>
    new FailoverError('ParameterInvalid', `-Prune ${why}`, { target: 'Prune' });
  if (parameters.Name !== undefined)
    throw invalid('goes by the whole list and cannot be combined with -Name');
  if (parameters.Version !== undefined)
    throw invalid('goes by the list as it is now and cannot be combined with -Version');
  if (kind !== 'applicationHost') throw invalid('needs an applicationHost.config');
  return {
    listed: (await readSiteList(join(source, siteListName))).map(({ name }) => name),
    ownership: await readOwnership(stateFolder, path),
    force: parameters.Force === true,
  };
}
