import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfiguration } from '../../src/iis/index.ts';
import { secretPlace } from '../../src/iis/secret-place.ts';
import type { SecretPlace } from '../../src/iis/secret-store.ts';
import { findSecrets } from '../../src/iis/secrets.ts';
import { Secret } from '../../src/model/secret.ts';
import { WebAdministration, webAdministrationAssembly } from '../../src/windows/web-administration.ts';
import { failure } from '../iis/samples.ts';
import { buildProject } from '../support/dotnet-project.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder, writeTree } from '../support/tree.ts';
import { bridgeEnvironment, bridgeMissing, Host } from './dotnet-process.ts';

/** Every place of IIS's own schema; %n is what the nth secret is there. */
const configuration = `<?xml version="1.0" encoding="UTF-8"?>
<configuration>
    <configSections>
        <sectionGroup name="system.applicationHost">
            <section name="applicationPools" /><section name="sites" />
        </sectionGroup>
        <sectionGroup name="system.webServer">
            <section name="odbcLogging" />
            <sectionGroup name="security"><sectionGroup name="authentication">
                <section name="anonymousAuthentication" /><section name="iisClientCertificateMappingAuthentication" />
            </sectionGroup></sectionGroup>
            <sectionGroup name="rewrite"><section name="providers" /></sectionGroup>
        </sectionGroup>
    </configSections>
    <configProtectedData><providers>
        <add name="IISWASOnlyAesProvider" sessionKey="WAS" /><add name="AesProvider" sessionKey="AES" />
    </providers></configProtectedData>
    <system.applicationHost>
        <applicationPools>
            <add name="first" />
            <add name="Shop"><processModel userName="u" password="%0" /></add>
            <applicationPoolDefaults><processModel password="%1" /></applicationPoolDefaults>
        </applicationPools>
        <sites>
            <site name="other" id="1" />
            <site name="a &amp; b" id="2">
                <application path="/"><virtualDirectory path="/" /><virtualDirectory path="/nas" password="%2" /></application>
                <application path="/app"><virtualDirectoryDefaults password="%3" /></application>
                <ftpServer><security><authentication><anonymousAuthentication password="%4" /></authentication></security></ftpServer>
            </site>
        </sites>
    </system.applicationHost>
    <location path="a &amp; b/app">
        <system.webServer>
            <odbcLogging password="%5" />
            <security><authentication>
                <anonymousAuthentication password="%6" />
                <iisClientCertificateMappingAuthentication>
                    <oneToOneMappings><add password="%7" certificate="M" /><add password="%8" certificate="N" /></oneToOneMappings>
                    <manyToOneMappings><add name="m" password="%9" /></manyToOneMappings>
                </iisClientCertificateMappingAuthentication>
            </authentication></security>
            <rewrite><providers><provider name="p"><settings>
                <add key="one" value="1" /><add key="two" encryptedValue="%A" />
            </settings></provider></providers></rewrite>
        </system.webServer>
    </location>
</configuration>
`;
const marks = [...'0123456789A'];

function placesOf(text: string): { value: string; place: SecretPlace }[] {
  const { document } = parseConfiguration(Buffer.from(text), 'applicationHost.config');
  return findSecrets(document, document.root, 'c').map(({ element, attribute }) => {
    const place = secretPlace(document, element, attribute.name);
    assert.ok(place, attribute.value);
    return { value: attribute.value, place };
  });
}

describe('secrets through Microsoft.Web.Administration', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();
  let host: Host;
  let iis: WebAdministration;
  before(async function () {
    skipWhereMissing(this, bridgeMissing);
    const assembly = await buildProject(new URL('../support/web-administration/', import.meta.url));
    if (assembly === undefined) return skipWhereMissing(this, 'the .NET SDK');
    host = new Host({ ...bridgeEnvironment, TEST_HTTP_SYS: `*:443:a=${'AB'.repeat(20)}` });
    iis = new WebAdministration(host.dotnet, assembly);
  });
  after(() => host?.end());

  it('are set and encrypted by the provider of each place, and opened again', async () => {
    const found = placesOf(configuration);
    assert.deepEqual(
      found.map(({ value }) => value),
      marks.map((mark) => `%${mark}`),
    );
    const values = found.map(({ place }, index) => ({ place, value: new Secret(`geheim<&"'ä ${index}`) }));
    const text = await iis.set(configuration, values);

    assert.equal(text.includes('geheim'), false);
    const sealed = placesOf(text);
    assert.deepEqual(
      sealed.map(({ value }) => /^\[enc:(\w+):/.exec(value)?.[1]),
      marks.map((_, index) => (index < 2 ? 'IISWASOnlyAesProvider' : 'AesProvider')),
    );
    assert.equal(new Set(sealed.map(({ value }) => value)).size, marks.length);
    const file = join(folder.path, 'applicationHost.config');
    await writeFile(file, text);
    const opened = await iis.open(
      file,
      sealed.map(({ place }) => place),
    );
    assert.deepEqual(
      opened.map((one) => ('value' in one ? one.value.reveal() : one.error)),
      values.map(({ value }) => value.reveal()),
    );
    assert.equal(await readFile(file, 'utf8'), text);
  });

  it('of another computer are reported one by one, and the others are opened', async () => {
    const [first, second] = placesOf(configuration).slice(2);
    assert.ok(first && second);
    const text = await iis.set(configuration, [{ place: first.place, value: new Secret('x') }]);
    await writeTree(folder.path, { 'moved.config': text.replace('sessionKey="AES"', 'sessionKey="OTHER"') });
    const opened = await iis.open(join(folder.path, 'moved.config'), [first.place, second.place]);
    assert.match('error' in opened[0]! ? opened[0].error : '', /^Failed to decrypt attribute 'password'$/);
    assert.equal('value' in opened[1]! ? opened[1].value.reveal() : '', '%3');
  });

  it('are all refused where one of them has no place', async () => {
    const [first] = placesOf(configuration);
    assert.ok(first);
    const nowhere = { ...first.place, section: 'system.webServer/none' };
    await assert.rejects(
      iis.set(configuration, [
        { place: first.place, value: new Secret('geheim-1') },
        { place: nowhere, value: new Secret('geheim-2') },
      ]),
      failure(
        'SecretNotSet',
        /did not encrypt.*system\.webServer\/none'\. \(System\.IO\.FileNotFoundException\)$/,
      ),
    );
  });

  it('come with the certificates that http.sys has for https bindings', async () => {
    const bindings =
      '<bindings><binding protocol="https" bindingInformation="*:443:a" /><binding protocol="https" bindingInformation="*:443:b" /></bindings>';
    const file = join(folder.path, 'bindings.config');
    await writeFile(file, configuration.replace('<ftpServer>', `${bindings}<ftpServer>`));
    const thumbprint = 'AB'.repeat(20);
    assert.deepEqual(await iis.certificates(file), [
      {
        site: 'a & b',
        bindingInformation: '*:443:a',
        store: 'My',
        thumbprint,
        subject: '',
        names: '',
        notAfter: '',
      },
    ]);
  });

  it('are found in a file of two thousand sites without reading it again for each', async () => {
    const sites = Array.from(
      { length: 2000 },
      (_, index) =>
        `<site name="s${index}" id="${index + 10}"><virtualDirectoryDefaults password="v${index}" /></site>`,
    ).join('');
    const text = configuration.replace('<site name="other" id="1" />', sites);
    await writeTree(folder.path, { 'many.config': text });
    const places = placesOf(text).filter(({ value }) => value.startsWith('v'));
    const opened = await iis.open(
      join(folder.path, 'many.config'),
      places.map(({ place }) => place),
    );
    assert.deepEqual(
      opened.map((one) => ('value' in one ? one.value.reveal() : one.error)),
      places.map(({ value }) => value),
    );
  });
});

describe('Microsoft.Web.Administration', () => {
  const folder = temporaryFolder();

  it('is a part of IIS', async () => {
    await writeTree(folder.path, { 'System32/inetsrv/Microsoft.Web.Administration.dll': '' });
    const path = join(folder.path, 'System32', 'inetsrv', 'Microsoft.Web.Administration.dll');
    assert.equal(await webAdministrationAssembly({ SystemRoot: folder.path }), path);
  });

  it('is reported where there is no Windows or no IIS', async () => {
    await assert.rejects(
      webAdministrationAssembly({}),
      failure('WebAdministrationMissing', /a part of Windows$/),
    );
    await assert.rejects(
      webAdministrationAssembly({ SystemRoot: join(folder.path, 'none') }),
      failure('WebAdministrationMissing', /inetsrv.Microsoft\.Web\.Administration\.dll does not exist$/),
    );
  });
});
