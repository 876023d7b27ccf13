import { expandKnown, type PathVariables, systemVariables } from '../../model/path-variables.ts';
import { nameKey } from '../../model/site.ts';
import type { Configuration } from '../configuration.ts';
import { type DeclaredSections, declaredSections } from './sections.ts';
import { serverElements, serverKeys } from './server.ts';

/** What a server has for all of its sites: what a restored site may need of it. Names are by nameKey. */
export interface TargetServer {
  readonly declared: DeclaredSections | undefined;
  readonly globalModules: ReadonlySet<string>;
  /** Modules that requests go through unless a site takes them out. */
  readonly modules: ReadonlySet<string>;
  readonly webFarms: ReadonlySet<string>;
  /** Whether IIS runs a handler's scriptProcessor for these modules. */
  allowsProgram(scriptProcessor: string, modules: readonly string[]): boolean;
  readonly variables: PathVariables;
  /** Whether a drive (`D:`) is there; undefined where this process is not on the server. */
  readonly driveExists: ((drive: string) => boolean) | undefined;
}

export interface TargetFacts {
  readonly variables?: PathVariables | undefined;
  readonly driveExists?: ((drive: string) => boolean) | undefined;
}

export function targetServer(configuration: Configuration, facts: TargetFacts): TargetServer {
  const variables = facts.variables ?? systemVariables();
  const keys = (path: string, key: string, item?: string): Set<string> =>
    new Set(serverKeys(configuration, path, key, item).map(nameKey));
  return {
    declared: declaredSections(configuration),
    globalModules: keys('system.webServer/globalModules', 'name'),
    modules: keys('system.webServer/modules', 'name'),
    webFarms: keys('webFarms', 'name', 'webFarm'),
    allowsProgram: programs(configuration, variables),
    variables,
    driveExists: facts.driveExists,
  };
}

/**
 * IIS runs a program for
 *
 * | module | where the server has |
 * |---|---|
 * | FastCgiModule | an application of fastCgi with its path and arguments (`path|arguments`) |
 * | IsapiModule, CgiModule | an isapiCgiRestriction entry of that path that allows it, or none and notListed…Allowed |
 *
 * https://learn.microsoft.com/iis/configuration/system.webserver/security/isapicgirestriction/
 */
function programs(configuration: Configuration, variables: PathVariables): TargetServer['allowsProgram'] {
  const { document } = configuration;
  const key = (path: string): string => expandKnown(path, variables).trim().toLowerCase();
  const fastCgi = new Set(
    serverElements(configuration, 'system.webServer/fastCgi/application').map((element) => {
      const commandLine = document.attribute(element, 'arguments') ?? '';
      return key(`${document.attribute(element, 'fullPath') ?? ''}|${commandLine}`);
    }),
  );
  const restrictions = serverElements(configuration, 'system.webServer/security/isapiCgiRestriction');
  const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true';
  const notListed = (name: string): boolean =>
    restrictions.some((element) => isTrue(document.attribute(element, name)));
  const listed = new Map(
    restrictions
      .flatMap((element) => document.childrenNamed(element, 'add'))
      .map((entry) => [
        key(document.attribute(entry, 'path') ?? ''),
        isTrue(document.attribute(entry, 'allowed')),
      ]),
  );
  return (scriptProcessor, modules) => {
    const program = key(scriptProcessor);
    const uses = (module: string): boolean => modules.some((name) => nameKey(name) === module);
    if (uses('fastcgimodule')) return fastCgi.has(program.includes('|') ? program : `${program}|`);
    if (uses('isapimodule')) return listed.get(program) ?? notListed('notListedIsapisAllowed');
    if (uses('cgimodule')) return listed.get(program) ?? notListed('notListedCgisAllowed');
    return true;
  };
}
