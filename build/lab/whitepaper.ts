import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The example of Microsoft's whitepaper (2003): three sites on the primary, the first two of them with a failover
 * service. Configuration files are a real Windows Server 2012 R2's (test/fixtures/SOURCES.md), content is real files.
 */
export const sites = ['site1.com', 'site2.com', 'site3.com'] as const;
export const failoverSites = ['site1.com', 'site2.com'] as const;

const template = new URL(
  '../../test/fixtures/iis/carbon-server2012r2.applicationHost.config',
  import.meta.url,
);

/** A server's disk and configuration in a folder. */
export interface LabServer {
  /** The folder that holds its drives: C is drive C:. */
  readonly disk: string;
  readonly configurationFile: string;
}

/** Makes the primary: its configuration with the three sites, and the content of each. */
export async function makePrimary(folder: string, address: string, port = 80): Promise<LabServer> {
  const server = await makeServer(folder, (text) => withSites(text, address, port));
  for (const [index, site] of sites.entries()) {
    const root = join(server.disk, 'C', 'inetpub', 'hostedsites', folderOf(site));
    await mkdir(root, { recursive: true });
    await writeFile(join(root, 'default.htm'), `This is site${index + 1}\r\n`);
  }
  return server;
}

/** Makes the failover server: freshly installed, with a site of its own that nothing may touch. */
export async function makeFailover(folder: string): Promise<LabServer> {
  return makeServer(folder, (text) =>
    text.replace('<siteDefaults>', `${siteElement('intranet', 4, '*:8080:')}\r\n            <siteDefaults>`),
  );
}

async function makeServer(folder: string, edit: (text: string) => string): Promise<LabServer> {
  const disk = join(folder, 'disk');
  await mkdir(join(disk, 'C'), { recursive: true });
  const configurationFile = join(folder, 'applicationHost.config');
  await writeFile(configurationFile, edit(await readFile(fileURLToPath(template), 'utf8')));
  return { disk, configurationFile };
}

function withSites(text: string, address: string, port: number): string {
  const elements = sites.map((site, index) => siteElement(site, index + 2, `${address}:${port}:${site}`));
  const pools = failoverSites.map((site) => `            <add name="${site}" managedRuntimeVersion="" />`);
  const location = [
    '    <location path="site1.com">',
    '        <system.webServer>',
    '            <directoryBrowse enabled="false" />',
    '        </system.webServer>',
    '    </location>',
  ];
  return text
    .replace(/\r?\n\s*<applicationPoolDefaults/, `\r\n${pools.join('\r\n')}$&`)
    .replace('<siteDefaults>', `${elements.join('\r\n')}\r\n            <siteDefaults>`)
    .replace('</configuration>', `${location.join('\r\n')}\r\n\r\n</configuration>`);
}

function siteElement(name: string, id: number, binding: string): string {
  const pool = (failoverSites as readonly string[]).includes(name) ? ` applicationPool="${name}"` : '';
  const www = binding.endsWith(`:${name}`) ? binding.replace(`:${name}`, `:www.${name}`) : undefined;
  const bindings = [binding, ...(www === undefined ? [] : [www])].map(
    (one) => `                    <binding protocol="http" bindingInformation="${one}" />`,
  );
  return [
    `<site name="${name}" id="${id}">`,
    `                <application path="/"${pool}>`,
    `                    <virtualDirectory path="/" physicalPath="C:\\inetpub\\hostedsites\\${folderOf(name)}" />`,
    '                </application>',
    '                <bindings>',
    ...bindings,
    '                </bindings>',
    '            </site>',
  ].join('\r\n');
}

function folderOf(site: string): string {
  return site.replace('.com', '');
}
