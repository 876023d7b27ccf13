import { join } from 'node:path';
import { readOwnership } from '../../history/index.ts';
import { type PruneRequest, readSiteList, siteListName, type SiteStore } from '../../iis/index.ts';
import { failure } from '../../model/failover-error.ts';

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
  if (parameters.Name !== undefined) throw failure('ParameterInvalid.pruneName', {}, { target: 'Prune' });
  if (parameters.Version !== undefined)
    throw failure('ParameterInvalid.pruneVersion', {}, { target: 'Prune' });
  if (kind !== 'applicationHost') throw failure('ParameterInvalid.pruneStore', {}, { target: 'Prune' });
  return {
    listed: (await readSiteList(join(source, siteListName))).map(({ name }) => name),
    ownership: await readOwnership(stateFolder, path),
    force: parameters.Force === true,
  };
}
