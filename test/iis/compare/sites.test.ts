import assert from 'node:assert/strict';
import { compareSites, planRestore, type RestoreOptions, type SiteBackup } from '../../../src/iis/index.ts';
import { corpus, exportAll, parse, serverText, siteXml } from '../samples.ts';
import { backups, primary, primaryText, restored, site1 } from '../restoring.ts';

/** The differences as `severity kind path: primary -> failover`. */
function drift(target: string, of: readonly SiteBackup[] = backups, options?: RestoreOptions): string[] {
  return [...compareSites(parse(target), of, options)].flatMap(({ differences }) =>
    differences.map(
      ({ severity, kind, path, primary: theirs, failover }) =>
        `${severity} ${kind} ${path}: ${theirs} -> ${failover}`,
    ),
  );
}

const path = 'site/application[path=/]/virtualDirectory[path=/]';

describe('comparison of a site with its backup', () => {
  it('finds nothing where it is the same, whatever its id, layout, and what stands in the defaults', () => {
    assert.deepEqual(drift(primaryText), []);
    assert.deepEqual(drift(primaryText.replace('id="1"', 'id="99"').replaceAll('\n', '\r\n')), []);
    const explicit = primaryText
      .replace('name="pool1" autoStart="true"', 'autoStart="true" name="pool1" managedRuntimeVersion="v4.0"')
      .replace('<bindings>', '<logFile logFormat="W3C" /><bindings>');
    assert.deepEqual(drift(explicit), []);
  });

  it('names each attribute that differs, with both values', () => {
    const other = primaryText
      .replace('C:\\web\\site1.com', 'D:\\web')
      .replace('autoStart="true"', 'autoStart="false"')
      .replace('<directoryBrowse enabled="true" />', '<directoryBrowse enabled="true" showFlags="Time" />');
    assert.deepEqual(drift(other), [
      `error Changed ${path}/@physicalPath: C:\\web\\site1.com -> D:\\web`,
      'warning Changed applicationPools/add[name=pool1]/@autoStart: true -> false',
      'warning Added location[path=site1.com]/system.webServer/directoryBrowse/@showFlags: undefined -> Time',
    ]);
  });

  it('takes bindings, applications and other items as there or not', () => {
    const other = primaryText
      .replace('10.1.1.1:80:site1.com', '*:80:')
      .replace(
        '</application>',
        '</application><application path="/more"><virtualDirectory path="/" /></application>',
      );
    assert.deepEqual(drift(other), [
      'error Removed site/bindings/binding[http 10.1.1.1:80:site1.com]: ' +
        '<binding protocol="http" bindingInformation="10.1.1.1:80:site1.com" /> -> undefined',
      'error Added site/bindings/binding[http *:80:]: undefined -> <binding protocol="http" bindingInformation="*:80:" />',
      'error Added site/application[path=/more]: undefined -> <application path="/more" />',
    ]);
    const sni = primaryText.replace('bindingInformation="10.1.1.1:80:site1.com"', '$& sslFlags="1"');
    assert.deepEqual(drift(sni), [
      'error Added site/bindings/binding[http 10.1.1.1:80:site1.com]/@sslFlags: undefined -> 1',
    ]);
  });

  it('names a site, a pool and location blocks that are missing or too many', () => {
    assert.deepEqual(drift(serverText({}), [site1]), [
      'error Removed site: <site name="site1.com" id="1" /> -> undefined',
    ]);
    const other = primaryText
      .replace(/\s*<add name="pool1".*/, '')
      .replace('<location path="site1.com">', '<location path="site1.com/old">');
    assert.deepEqual(drift(other), [
      'error Removed applicationPools/add[name=pool1]: <add name="pool1" autoStart="true" /> -> undefined',
      'warning Removed location[path=site1.com]: <location path="site1.com" /> -> undefined',
      'warning Added location[path=site1.com/old]: undefined -> <location path="site1.com/old" />',
    ]);
  });

  it('says what the defaults of the two servers make of a site', () => {
    const other = primaryText
      .replace('managedRuntimeVersion="v4.0"', 'managedRuntimeVersion="v2.0"')
      .replace('logFormat="W3C"', 'logFormat="IIS" directory="E:\\logs"')
      .replace('applicationPool="DefaultAppPool"', 'applicationPool="Other"');
    assert.deepEqual(drift(other, [backups[1]!]), [
      'error Changed site/application[path=/]/@applicationPool: DefaultAppPool -> Other',
      'warning Changed site/logFile/@logFormat: W3C -> IIS',
      'warning Changed site/logFile/@directory: %SystemDrive%\\inetpub\\logs\\LogFiles -> E:\\logs',
      'warning Changed applicationPools/add[name=DefaultAppPool]/@managedRuntimeVersion: v4.0 -> v2.0',
    ]);
    assert.match(drift(other, [site1]).join(), /add\[name=pool1\]\/@managedRuntimeVersion: v4.0 -> v2.0/);
  });

  it('finds another order of items, and of nothing else', () => {
    const block = (items: string): string =>
      serverText({
        sites: siteXml('a', 1),
        locations: `<location path="a"><x><files>${items}</files><y /></x></location>`,
      });
    const of = exportAll(parse(block('<add value="1" /><add value="2" />')));
    assert.deepEqual(drift(block('<add value="2" /><add value="1" />'), of), [
      'warning Changed location[path=a]/x/files: add[value=1], add[value=2] -> add[value=2], add[value=1]',
    ]);
    assert.match(drift(block('<clear /><add value="1" /><add value="2" />'), of).join(), /Added .*\/clear/);
    const swapped = block('<add value="1" /><add value="2" />').replace('<files>', '<y /><files>');
    assert.deepEqual(drift(swapped.replace('</files><y />', '</files>'), of), []);
  });

  it('maps paths and addresses before', () => {
    const options = {
      pathMap: new Map([['C:\\web', 'D:\\web']]),
      addressMap: new Map([['10.1.1.1', '10.1.1.2']]),
    };
    const standby = restored(parse(serverText({})), backups, options);
    assert.deepEqual(drift(standby, backups, options), []);
    assert.equal(drift(standby).length, 6);
  });
});

describe('secrets in a comparison', () => {
  const withPassword = (password: string, more = ''): string =>
    primaryText.replace('physicalPath="C:\\web\\site1.com"', `$& userName="u" password="${password}"${more}`);
  const of = exportAll(parse(withPassword('planted-1')));

  it('are compared and never shown', () => {
    assert.deepEqual(drift(withPassword('planted-1'), of), []);
    const changed = drift(withPassword('planted-2'), of);
    assert.deepEqual(changed, [`warning Changed ${path}/@password: ******** -> ********`]);
    assert.deepEqual(drift(primaryText.replace('site1.com" />', 'site1.com" userName="u" />'), of), [
      `warning Removed ${path}/@password: ******** -> undefined`,
    ]);
    const gone = drift(withPassword('planted-2').replace(/<virtualDirectory[^>]*password[^>]*>/, ''), of);
    assert.match(gone.join(), /password="\*{8}"/);
    assert.doesNotMatch([...changed, ...gone].join(), /planted/);
  });

  it('are no difference where the backup does not carry them and this server has one', () => {
    const bare = of.map((backup) => ({
      ...backup,
      secrets: backup.secrets.map((secret) => ({ ...secret, value: undefined })),
    }));
    assert.deepEqual(drift(withPassword('planted-2'), bare), []);
    assert.deepEqual(drift(primaryText.replace('site1.com" />', 'site1.com" userName="u" />'), bare), [
      `warning Removed ${path}/@password: ******** -> undefined`,
    ]);
  });
});

describe('comparison of real files', () => {
  it('finds nothing between a file and itself', () => {
    for (const { name, bytes } of corpus) {
      const configuration = parse(bytes.toString('utf8'));
      for (const { differences } of compareSites(configuration, exportAll(configuration)))
        assert.deepEqual(differences, [], name);
    }
  });

  it('finds after a restore nothing but unreadable secrets and DefaultAppPool, were the defaults alike', () => {
    for (const from of corpus)
      for (const to of corpus) {
        const [source, target] = [from, to].map(({ bytes }) => parse(bytes.toString('utf8')));
        const all = exportAll(source!);
        const plan = planRestore(target!, all);
        const done = all.filter((_, index) => !plan.sites[index]!.refused);
        const result = parse(plan.text(done.map(({ name }) => name)));
        const [{ defaults: targetDefaults } = { defaults: [] }] = exportAll(target!);
        const defaults = [
          ...targetDefaults.filter(({ name }) => name !== 'applicationDefaults'),
          ...all[0]!.defaults.filter(({ name }) => name === 'applicationDefaults'),
        ];
        const differences = [
          ...compareSites(
            result,
            done.map((backup) => ({ ...backup, defaults })),
          ),
        ]
          .flatMap((one) => one.differences)
          .filter(({ path: of, primary: value }) => !of.includes('DefaultAppPool') && value !== '********');
        assert.deepEqual(differences, [], `${from.name} -> ${to.name}`);
      }
  });
});

it('compares with the primary itself', () => {
  assert.deepEqual(
    [...compareSites(primary, backups)].map(({ differences }) => differences.length),
    [0, 0],
  );
});
