import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { exportSite } from '../../src/iis/index.ts';
import { exportOptions, failure, parse, serverText, siteXml } from './samples.ts';

const encrypted = '[enc:AesProvider:9mM2ovvK6I1KeNdmNtr4fg==:enc]';
const cng = '[enc:IISCngProvider:AAAA:enc]';

const server = parse(
  serverText({
    pools: `
            <add name="Shop"><processModel userName="EX\\shop" password="pool&amp;pass" /></add>
            <add name="other" />`,
    sites:
      siteXml('other.com', 1) +
      `
            <site name="Shop.com" id="5">
                <application path="/" applicationPool="shop">
                    <virtualDirectory path="/" physicalPath="C:\\shop" />
                    <virtualDirectory path="/nas" physicalPath="\\\\nas\\shop" userName="EX\\nas" password="${encrypted}" />
                </application>
                <virtualDirectoryDefaults password="" />
            </site>`,
    locations: `
    <location path="shop.com"><a /></location>
    <location path="Shop.com/app" overrideMode="Deny">
        <system.webServer>
            <security><authentication>
                <iisClientCertificateMappingAuthentication><oneToOneMappings>
                    <add userName="u1" password="${cng}" certificate="M" />
                    <add userName="u2" password="clear" certificate="N" />
                </oneToOneMappings></iisClientCertificateMappingAuthentication>
            </authentication></security>
            <aspNetCore>
                <environmentVariables>
                    <environmentVariable name="ConnectionStrings__Main" value="Server=x" />
                    <environmentVariable name="ASPNETCORE_ENVIRONMENT" value="Production" />
                </environmentVariables>
            </aspNetCore>
            <odd value="[failover:secret:1]" future="${encrypted}" />
        </system.webServer>
    </location>
    <location path="Shop.com.evil"><b /></location>
    <location path="other.com/Shop.com"><c /></location>
    <location path=""><d /></location>`,
  }),
);

describe('export of a site', () => {
  const backup = exportSite(server, 'SHOP.COM', exportOptions);

  it('takes its element, its pools, its location blocks and the defaults', () => {
    assert.deepEqual([backup.name, backup.id, backup.source], ['Shop.com', 5, 'PRIMARY']);
    assert.equal(backup.created, '2026-01-02T03:04:05.000Z');
    assert.deepEqual(
      backup.applicationPools.map(({ name }) => name),
      ['Shop'],
    );
    assert.deepEqual(
      backup.locations.map(({ name }) => name),
      ['shop.com', 'Shop.com/app'],
    );
    assert.deepEqual(
      backup.defaults.map(({ name }) => name),
      ['siteDefaults', 'applicationDefaults', 'applicationPoolDefaults'],
    );
    assert.deepEqual(
      backup.contentRoots.map(({ physicalPath }) => physicalPath),
      ['C:\\shop', '\\\\nas\\shop'],
    );
  });

  it('keeps every character of them but secret values', () => {
    const [, site] = server.sites.values();
    assert.equal(
      backup.site.replace('[failover:secret:1]', encrypted),
      server.document.slice(site?.element ?? server.document.root),
    );
  });

  it('finds the secrets that the schema marks, those in clear, and any encrypted value', () => {
    const found = backup.secrets.map(({ number, path, value, provider }) => [
      number,
      path,
      value?.reveal(),
      provider?.name,
    ]);
    const mappings =
      'location[path=Shop.com/app]/system.webServer/security/authentication/iisClientCertificateMappingAuthentication/oneToOneMappings';
    const webServer = 'location[path=Shop.com/app]/system.webServer';
    assert.deepEqual(found, [
      [1, 'site/application[path=/]/virtualDirectory[path=/nas]/@password', encrypted, 'AesProvider'],
      [2, 'applicationPools/add[name=Shop]/processModel/@password', 'pool&pass', undefined],
      [3, `${mappings}/add[1]/@password`, cng, 'IISCngProvider'],
      [4, `${mappings}/add[2]/@password`, 'clear', undefined],
      [
        5,
        `${webServer}/aspNetCore/environmentVariables/environmentVariable[name=ConnectionStrings__Main]/@value`,
        'Server=x',
        undefined,
      ],
      [6, `${webServer}/odd/@value`, '[failover:secret:1]', undefined],
      [7, `${webServer}/odd/@future`, encrypted, 'AesProvider'],
    ]);
  });

  it('records the key of a provider only where the file has one', () => {
    const fingerprints = backup.secrets.map(({ provider }) => provider?.fingerprint);
    assert.match(fingerprints[0] ?? '', /^[0-9a-f]{64}$/);
    assert.equal(fingerprints[6], fingerprints[0]);
    assert.equal(fingerprints[2], '');
  });

  it('shows no secret when it is printed', () => {
    for (const text of [JSON.stringify(backup), inspect(backup, { depth: 9 })])
      for (const secret of [encrypted, 'pool&', 'clear"', 'Server=x'])
        assert.equal(text.includes(secret), false);
  });

  it('refuses a site that is not there', () => {
    assert.throws(
      () => exportSite(server, 'shop', exportOptions),
      failure('SiteNotFound', /no site named shop$/),
    );
  });
});
