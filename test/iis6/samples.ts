import { readFileSync } from 'node:fs';
import type { SiteBackup } from '../../src/iis/index.ts';
import { exportMetabaseSite } from '../../src/iis6/export.ts';
import { type Metabase, parseMetabase } from '../../src/iis6/metabase.ts';

/** The real MetaBase.xml. */
export const real = readFileSync(new URL('../fixtures/iis6/modsic.MetaBase.xml', import.meta.url));

/** A value as IIS 6 encrypts it; `mark` tells two apart. */
export const blob = (mark: string): string => `4963446250000000${Buffer.from(mark).toString('hex')}`;

export type Properties = Readonly<Record<string, string>>;

/** A node as IIS 6 writes it. Values are raw text. */
export function node(name: string, location: string, properties: Properties = {}, children = ''): string {
  const lines = Object.entries(properties).map(([key, value]) => `\t\t${key}="${value}"\n`);
  return `<${name}\tLocation ="${location}"\n${lines.join('')}\t>\n${children}</${name}>\n`;
}

export function custom(name: string, id: number, value: string, attributes = 'NO_ATTRIBUTES'): string {
  return `\t<Custom
\t\tName="${name}"
\t\tID="${id}"
\t\tValue="${value}"
\t\tType="STRING"
\t\tUserType="IIS_MD_UT_SERVER"
\t\tAttributes="${attributes}"
\t/>
`;
}

export interface SampleSite {
  readonly id: number;
  readonly name: string;
  /** Of the site's own node. */
  readonly server?: Properties;
  /** Of its ROOT. */
  readonly root?: Properties;
  /** Further nodes; `{id}` stands for the id. */
  readonly nodes?: string;
}

/** A small server of these sites and pools. */
export function metabaseText(
  sites: readonly SampleSite[],
  options: { pools?: string; service?: Properties; editable?: boolean; newline?: string } = {},
): string {
  const { pools = '', service = {}, editable = true, newline = '\r\n' } = options;
  const text = `\uFEFF<?xml version ="1.0"?>
<configuration xmlns="urn:microsoft-catalog:XML_Metabase_V64_0">
<MBProperty>
${node('IIS_Global', '.', { SessionKey: '49634b6298000000aa' })}${node('IIsComputer', '/LM', {
    EnableEditWhileRunning: editable ? '1' : '0',
  })}${node('IIsWebService', '/LM/W3SVC', {
    AnonymousUserName: 'IUSR_PRIMARY',
    AnonymousUserPass: blob('service'),
    AppPoolId: 'DefaultAppPool',
    AuthFlags: 'AuthAnonymous | AuthNTLM',
    DefaultDoc: 'Default.htm,Default.asp,index.htm',
    ...service,
  })}${sites.map(siteNodes).join('')}${node('IIsApplicationPools', '/LM/W3SVC/AppPools', {
    AdminACL: blob('pools'),
    AppPoolIdentityType: '2',
    IdleTimeout: '20',
  })}${node('IIsApplicationPool', '/LM/W3SVC/AppPools/DefaultAppPool')}${pools}${node(
    'IIsFilters',
    '/LM/W3SVC/Filters',
    { AdminACL: blob('filters') },
  )}</MBProperty>
</configuration>
`;
  return text.replaceAll('\n', newline);
}

function siteNodes({ id, name, server = {}, root = {}, nodes = '' }: SampleSite): string {
  const at = `/LM/W3SVC/${id}`;
  return (
    node('IIsWebServer', at, { ServerBindings: ':80:', ServerComment: name, ...server }) +
    node('IIsFilters', `${at}/Filters`, { AdminACL: blob(`acl${id}`) }) +
    node('IIsWebVirtualDir', `${at}/root`, {
      AccessFlags: 'AccessRead | AccessScript',
      AppRoot: `${at}/ROOT`,
      Path: `C:\\inetpub\\${id}`,
      ...root,
    }) +
    nodes.replaceAll('{id}', String(id))
  );
}

export function parse(text: string | Buffer): Metabase {
  return parseMetabase(Buffer.from(text), 'MetaBase.xml');
}

export const exportOptions = { source: 'PRIMARY', created: new Date('2026-01-02T03:04:05Z') };

export function exportAll(metabase: Metabase): SiteBackup[] {
  return metabase.sites.map((site) => exportMetabaseSite(metabase, site, exportOptions));
}
