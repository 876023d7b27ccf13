import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Configuration,
  exportSite,
  listSites,
  parseConfiguration,
  type SiteBackup,
} from '../../src/iis/index.ts';
import { type ErrorId } from '../../src/model/error-catalog.ts';
import { FailoverError } from '../../src/model/failover-error.ts';

const fixtures = fileURLToPath(new URL('../fixtures/iis/', import.meta.url));

/** The real configuration files. */
export const corpus: readonly { name: string; bytes: Buffer }[] = readdirSync(fixtures)
  .sort()
  .map((name) => ({ name, bytes: readFileSync(fixtures + name) }));

export const provider = (sessionKey: string): string =>
  `<add name="AesProvider" type="Microsoft.ApplicationHost.AesProtectedConfigurationProvider" sessionKey="${sessionKey}" />`;

/** A small server: parts are XML; `sessionKey` is that of its AesProvider. */
export function serverText(parts: {
  sites?: string;
  pools?: string;
  locations?: string;
  sessionKey?: string;
}): string {
  const { sites = '', pools = '', locations = '', sessionKey = 'AQIA1' } = parts;
  return `<?xml version="1.0" encoding="UTF-8"?>
<configuration>
    <configProtectedData>
        <providers>
            ${provider(sessionKey)}
        </providers>
    </configProtectedData>
    <system.applicationHost>
        <applicationPools>
            <add name="DefaultAppPool" />${pools}
            <applicationPoolDefaults managedRuntimeVersion="v4.0" />
        </applicationPools>
        <sites>${sites}
            <siteDefaults>
                <logFile logFormat="W3C" />
            </siteDefaults>
            <applicationDefaults applicationPool="DefaultAppPool" />
        </sites>
    </system.applicationHost>${locations}
</configuration>
`;
}

export function parse(text: string): Configuration {
  return parseConfiguration(Buffer.from(text), 'applicationHost.config');
}

/** A site as IIS Manager writes it. */
export function siteXml(name: string, id: number, options: { pool?: string; binding?: string } = {}): string {
  const { pool, binding = `10.1.1.1:80:${name}` } = options;
  return `
            <site name="${name}" id="${id}">
                <application path="/"${pool === undefined ? '' : ` applicationPool="${pool}"`}>
                    <virtualDirectory path="/" physicalPath="C:\\web\\${name}" />
                </application>
                <bindings>
                    <binding protocol="http" bindingInformation="${binding}" />
                </bindings>
            </site>`;
}

export const exportOptions = { source: 'PRIMARY', created: new Date('2026-01-02T03:04:05Z') };

export function exportAll(configuration: Configuration): SiteBackup[] {
  return listSites(configuration).map(({ name }) => exportSite(configuration, name, exportOptions));
}

/** Checks the id and the message of a failure. */
export function failure(id: ErrorId, message: RegExp | string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof FailoverError, String(error));
    assert.equal(error.id, id, error.message);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  };
}
