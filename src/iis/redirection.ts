import { basename, dirname, join } from 'node:path';
import { readIfPresent } from '../edge/files.ts';
import { failure } from '../model/failover-error.ts';
import { decodeUtf8, parseXml } from './gate.ts';

/**
 * Refuses an applicationHost.config that IIS does not read, because redirection.config beside it says that the live
 * one is on a share (https://learn.microsoft.com/iis/configuration/configurationredirection/).
 * @throws FailoverError ConfigurationRedirected; ConfigurationMalformed where redirection.config is not usable
 */
export async function refuseRedirected(configurationFile: string): Promise<void> {
  const name = 'applicationHost.config';
  if (basename(configurationFile).toLowerCase() !== name.toLowerCase()) return;
  const path = join(dirname(configurationFile), 'redirection.config');
  const bytes = await readIfPresent(path);
  if (bytes === undefined) return;
  const live = redirectedTo(decodeUtf8(bytes, path), path);
  if (live === undefined) return;
  throw failure(
    'ConfigurationRedirected',
    { configurationFile, path, folder: live, name },
    { target: configurationFile },
  );
}

/** The folder of the live configuration, undefined where redirection is not enabled. */
export function redirectedTo(text: string, path: string): string | undefined {
  const document = parseXml(text, path, 'ConfigurationMalformed');
  const element = document.child(document.root, 'configurationRedirection');
  if (element === undefined || document.attribute(element, 'enabled')?.toLowerCase() !== 'true')
    return undefined;
  return (document.attribute(element, 'path') ?? '').replace(/[\\/]+$/, '');
}
