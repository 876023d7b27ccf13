import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfiguration } from '../../src/iis/index.ts';
import { secretPlace } from '../../src/iis/secret-place.ts';
import { findSecrets } from '../../src/iis/secrets.ts';
import { Secret } from '../../src/model/secret.ts';
import { WebAdministration } from '../../src/windows/web-administration.ts';
import { buildProject } from '../support/dotnet-project.ts';
import { moduleErrors, runModule } from '../support/module.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder } from '../support/tree.ts';
import { bridge, bridgeEnvironment, bridgeMissing, Host } from '../windows/dotnet-process.ts';

/** An applicationHost.config whose encrypted values are for the server with this key. */
function server(key: string, site = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<configuration>
    <configSections>
        <sectionGroup name="system.applicationHost">
            <section name="applicationPools" /><section name="sites" />
        </sectionGroup>
        <sectionGroup name="system.webServer"><sectionGroup name="security"><sectionGroup name="authentication">
            <section name="anonymousAuthentication" />
        </sectionGroup></sectionGroup></sectionGroup>
        <section name="appSettings" />
    </configSections>
    <configProtectedData><providers>
        <add name="IISWASOnlyAesProvider" sessionKey="${key}-WAS" /><add name="AesProvider" sessionKey="${key}" />
    </providers></configProtectedData>
    <system.applicationHost>
        <applicationPools>
            <add name="DefaultAppPool" />${site && '<add name="shop"><processModel identityType="SpecificUser" userName="CORP\\shop" password="geheim-pool" /></add>'}
        </applicationPools>
        <sites>${
          site &&
          `<site name="${site}" id="1"><application path="/" applicationPool="shop">
            <virtualDirectory path="/" physicalPath="\\\\nas\\shop" userName="CORP\\nas" password="geheim-nas" />
        </application></site>`
        }</sites>
    </system.applicationHost>${
      site &&
      `<location path="${site}">
        <system.webServer><security><authentication>
            <anonymousAuthentication userName="CORP\\anon" password="geheim-anon" />
        </authentication></security></system.webServer>
        <appSettings><add key="ApiKey" value="geheim-key" /></appSettings>
    </location>`
    }
</configuration>
`;
}

const text = (value: string): string =>
  `([System.Net.NetworkCredential]::new('', '${value}').SecurePassword)`;
const planted = /geheim/;

describe('secrets from a primary to a standby', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();
  let host: Host;
  let assembly: string;
  let iis: WebAdministration;
  let primaryText: string;
  before(async function () {
    if (process.platform === 'win32') return skipWhereMissing(this, 'a system whose IIS is a stand-in');
    skipWhereMissing(this, bridgeMissing);
    const built = await buildProject(new URL('../support/web-administration/', import.meta.url));
    if (built === undefined) return skipWhereMissing(this, 'the .NET SDK');
    assembly = built;
    host = new Host(bridgeEnvironment);
    iis = new WebAdministration(host.dotnet, assembly);
    const clear = server('PRIMARY', 'shop.com');
    primaryText = await iis.set(clear, await places(clear));
  });
  after(() => host?.end());
  beforeEach(async () => {
    const inetsrv = join(folder.path, 'windows', 'System32', 'inetsrv');
    await mkdir(inetsrv, { recursive: true });
    await copyFile(assembly, join(inetsrv, 'Microsoft.Web.Administration.dll'));
    await writeFile(join(folder.path, 'primary.config'), primaryText);
    await writeFile(join(folder.path, 'standby.config'), server('STANDBY'));
  });

  /** Secrets of a configuration that IIS encrypts. */
  async function places(configuration: string) {
    const { document } = parseConfiguration(Buffer.from(configuration), 'applicationHost.config');
    return findSecrets(document, document.root, '').flatMap(({ element, attribute, encryptable }) => {
      const place = secretPlace(document, element, attribute.name);
      return place && encryptable ? [{ place, value: new Secret(attribute.value) }] : [];
    });
  }

  async function opened(file: string): Promise<string[]> {
    const found = await places(await readFile(join(folder.path, file), 'utf8'));
    const values = await iis.open(
      join(folder.path, file),
      found.map(({ place }) => place),
    );
    return values.map((one) => ('value' in one ? one.value.reveal() : one.error));
  }

  /** Everything that the module wrote: streams and files. */
  const seen: string[] = [];
  const withIis = () => ({
    ...bridgeEnvironment,
    IISFAILOVER_BRIDGE: bridge,
    SystemRoot: join(folder.path, 'windows'),
  });
  async function run(command: string, env: Readonly<Record<string, string | undefined>> = withIis()) {
    const result = await runModule(command, { cwd: folder.path, env });
    seen.push(result.stdout, result.stderr);
    return result;
  }
  const settings = '-SettingsPath settings.json -ErrorAction SilentlyContinue -Verbose';
  const password = `-Password ${text('geheim-backup')}`;
  const backup = (...more: string[]) =>
    ['Backup-FailoverSite shop.com -ConfigurationFile primary.config -Destination b', ...more].join(' ');
  const restore = (...more: string[]) =>
    ['Restore-FailoverSite -ConfigurationFile standby.config -Source b', ...more].join(' ');

  it('arrive encrypted by the IIS of the standby, and a second restore has nothing to do', async () => {
    assert.doesNotMatch(primaryText, /geheim-(pool|nas|anon)/);
    const backups = await run(backup(password));
    assert.deepEqual(
      backups.objects.map(({ SecretCount, Finding }) => [SecretCount, Finding]),
      [['4', '']],
      backups.stderr,
    );
    const [first] = (await run(restore(password))).objects;
    assert.equal(first?.Action, 'Add');
    assert.equal(first.Finding, '');
    assert.deepEqual(await opened('standby.config'), ['geheim-pool', 'geheim-nas', 'geheim-anon']);
    const standby = await readFile(join(folder.path, 'standby.config'), 'utf8');
    assert.match(
      standby,
      /processModel identityType="SpecificUser" userName="CORP\\shop" password="\[enc:IISWASOnlyAesProvider:/,
    );
    // ASP.NET's own sections are in clear on the primary as well.
    assert.deepEqual(standby.match(/geheim-\w+/g), ['geheim-key']);

    assert.equal((await run(restore(password))).objects[0]?.Action, 'None');
    assert.equal(await readFile(join(folder.path, 'standby.config'), 'utf8'), standby);
  });

  it('that nothing opened are holes, supplied by user name, by pool, with another account, and by location', async () => {
    const taken = await run(backup(password), { SystemRoot: undefined });
    assert.match(
      taken.stdout,
      /of CORP.shop is encrypted by IISWASOnlyAesProvider and was not opened: Micro/,
    );
    const credential = (user: string, secret: string): string =>
      `([pscredential]::new('${user}', ${text(secret)}))`;
    const map = [
      `shop = ${credential('STANDBY\\shop', 'geheim-1')}`,
      `'corp\\NAS' = ${text('geheim-2')}`,
      `'location[path=shop.com]/system.webServer/security/authentication/anonymousAuthentication/@password' = ${text('geheim-3')}`,
      `misspelled = ${text('geheim-4')}`,
    ].join('; ');
    const { objects, stdout } = await run(restore(password, `-Credential @{ ${map} }`));
    assert.match(stdout, /nothing of these sites is named misspelled/);
    assert.equal(objects[0]?.Finding, '');
    assert.deepEqual(await opened('standby.config'), ['geheim-1', 'geheim-2', 'geheim-3']);
    assert.match(
      await readFile(join(folder.path, 'standby.config'), 'utf8'),
      /userName="STANDBY\\shop" password/,
    );
  });

  it('are never written in clear where the standby has no means to encrypt them', async () => {
    await run(backup(password));
    const { stdout } = await run(restore(password, `-Credential @{ 'CORP\\nas' = ${text('geheim-nas')} }`), {
      SystemRoot: undefined,
    });
    assert.match(stdout, /shop.com: The value is left out: IIS cannot encrypt it here \(Microsoft.Web.Admin/);
    const standby = await readFile(join(folder.path, 'standby.config'), 'utf8');
    assert.deepEqual(standby.match(/geheim-\w+/g), ['geheim-key']);
    assert.match(standby, /userName="CORP\\nas" \/>/);
  });

  it('are in clear in no output, log, state or backup, whatever goes wrong', async () => {
    await writeFile(join(folder.path, 'tsig.key'), 'Z2VoZWltLXRzaWc=');
    await writeFile(
      join(folder.path, 'settings.json'),
      JSON.stringify({
        servers: [
          { name: 'P', role: 'primary', addresses: ['127.0.0.1'] },
          { name: 'F', role: 'failover', addresses: ['127.0.0.2'] },
        ],
        sites: [{ name: 'shop.com', hostNames: ['shop.com'] }],
        dns: {
          servers: [{ address: '127.0.0.1', port: 1 }],
          zones: ['shop.com'],
          key: { name: 'k', algorithm: 'hmac-sha256', secret: { file: 'tsig.key' } },
        },
      }),
    );
    for (const command of [
      backup(settings),
      backup(settings, password, '-WhatIf'),
      backup(settings, password),
      restore(settings, `-Password ${text('geheim-wrong')}`),
      restore(settings, password, `-Credential @{ shop = ${text('geheim-x')} }`, '-WhatIf'),
      restore(settings, password, "-Credential @{ shop = 'geheim-clear' }"),
      restore(settings, password, `-PathMap @{ a = ${text('geheim-map')} }`),
      restore(settings, password, `-Credential @{ shop = ${text('geheim-x')} }`),
      `Compare-FailoverSite -ConfigurationFile standby.config -Source b ${password} ${settings}`,
      `Get-FailoverSite -ConfigurationFile primary.config ${settings}`,
      `Test-FailoverSetting -SettingsPath settings.json`,
      `Switch-FailoverSite shop.com -To Failover -Force ${settings}`,
      `Invoke-FailoverMonitor -Once ${settings}`,
    ])
      await run(`try { ${command} 4>&1 3>&1 } catch { $_ | Out-String; "$_" }`);
    const files = await readdir(folder.path, { withFileTypes: true, recursive: true });
    for (const file of files.filter((one) => one.isFile())) {
      const path = join(file.parentPath, file.name);
      if (/\.dll$|tsig\.key$|(primary|standby)\.config$/.test(path)) continue;
      const content = await readFile(path, 'utf8');
      // What a restore changed is kept, and holds what the file has in clear, for the same readers.
      const clear = /restores.\d+.changed\.bin$/.test(path) ? ['geheim-key'] : null;
      assert.deepEqual(content.match(/geheim-\w+/g), clear, path);
      assert.doesNotMatch(content, /Z2VoZWlt/, path);
    }
    assert.ok(files.some(({ name }) => name === 'siterestore.log'));
    assert.ok(files.some(({ name }) => name === 'shop.com.xml'));
    assert.ok(seen.length >= 20 && seen.join('').length > 2000);
    for (const output of seen) {
      assert.doesNotMatch(output, planted);
      assert.doesNotMatch(output, /Z2VoZWlt/);
    }
  });

  it('in a hashtable that takes none are refused by its name', async () => {
    await run(backup());
    const [error] = await moduleErrors(restore(`-PathMap @{ a = ${text('geheim-map')} }`), {
      cwd: folder.path,
    });
    assert.equal(error?.id, 'ParameterInvalid');
    assert.match(error.message, /-PathMap: the value of a is not a text/);
  });
});
