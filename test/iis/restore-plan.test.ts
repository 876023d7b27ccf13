import assert from 'node:assert/strict';
import { listSites, planRestore } from '../../src/iis/index.ts';
import { exportAll, failure, parse, serverText, siteXml } from './samples.ts';
import { backups, changes, findings, primary, primaryText, restored, site1 } from './restoring.ts';

describe('restore into a server that lacks the sites', () => {
  it('adds site, pool and location block, and touches nothing else', () => {
    const target = parse(serverText({ sites: siteXml('own.com', 7) }));
    assert.deepEqual(changes(target, backups), [
      'add applicationPool pool1',
      'add site site1.com',
      'add location site1.com',
      'add site site2.com',
    ]);
    const expected = serverText({
      pools: `
            <add name="pool1" autoStart="true" />`,
      sites: siteXml('own.com', 7) + siteXml('site1.com', 1, { pool: 'pool1' }) + siteXml('site2.com', 2),
      locations: `
    <location path="site1.com">
        <system.webServer>
            <directoryBrowse enabled="true" />
        </system.webServer>
    </location>`,
    });
    assert.equal(restored(target, backups), expected);
  });

  it('takes the line ends, the indentation and the byte order mark of the target', () => {
    const windows = (text: string): string =>
      `\uFEFF${text.replaceAll('    ', '\t').replaceAll('\n', '\r\n')}`;
    const target = parse(windows(serverText({})));
    const expected = restored(parse(serverText({})), backups);
    assert.equal(restored(target, backups), windows(expected));
  });

  it('makes the sections that the target lacks or has empty', () => {
    for (const inside of ['', '<sites/>', '<applicationPools />\n<sites></sites>', '<sites>\n</sites>\n']) {
      const target = parse(
        `<configuration>\n  <system.applicationHost>${inside}</system.applicationHost>\n</configuration>`,
      );
      const sites = listSites(parse(restored(target, backups)));
      assert.deepEqual(
        sites.map(({ name, id, applications }) => [name, id, applications[0]?.applicationPool]),
        [
          ['site1.com', 1, 'pool1'],
          ['site2.com', 2, 'DefaultAppPool'],
        ],
      );
    }
    const bare = parse('<configuration><system.applicationHost/></configuration>');
    assert.equal(listSites(parse(restored(bare, backups))).length, 2);
  });

  it('writes only the approved sites', () => {
    const target = parse(serverText({}));
    const plan = planRestore(target, backups);
    assert.equal(plan.text([]), target.document.text);
    assert.deepEqual([...parse(plan.text(['SITE2.com'])).sites.keys()], ['site2.com']);
    assert.deepEqual(parse(plan.text(['site2.com'])).pools.size, 1);
  });
});

describe('restore into a server that has the site', () => {
  it('changes nothing where it means the same, whatever its case, order of attributes and layout', () => {
    const same = primaryText
      .replace('<site name="site1.com" id="1">', '<site id="1"\n  name=\'site1.com\'><!-- ours -->')
      .replace('path="site1.com"', 'path="site1.com" ')
      .replace('name="pool1" autoStart="true" />', 'autoStart="true" name="pool1"></add>');
    assert.deepEqual(changes(parse(same), backups), []);
  });

  it('replaces exactly what differs', () => {
    const target = primaryText
      .replace('10.1.1.1:80:site1.com', '*:8080:')
      .replace('autoStart="true"', 'autoStart="false"');
    assert.deepEqual(changes(parse(target), backups), [
      'update applicationPool pool1',
      'update site site1.com',
    ]);
    assert.equal(restored(parse(target), backups), primaryText);
  });

  it('keeps the id of the target, and matches names without regard to case', () => {
    const target = primaryText.replace('name="site1.com" id="1"', 'name="SITE1.COM" id="99"');
    assert.equal(restored(parse(target), backups), primaryText.replace('id="1"', 'id="99"'));
    assert.deepEqual(findings(parse(target), backups), []);
  });

  it('makes the location blocks those of the primary: adds, updates, and removes surplus ones of this site', () => {
    const target = primaryText.replace(
      /\n {4}<location[^]*<\/location>/,
      `
    <location path="Site1.com/"><system.webServer /></location>
    <location path="site1.com/old"><system.webServer /></location>
    <location path="site1.com.uk"><system.webServer /></location>
    <location path="" overrideMode="Allow"><system.webServer /></location>`,
    );
    assert.deepEqual(changes(parse(target), [site1]), [
      'update location site1.com',
      'remove location site1.com/old',
    ]);
    const text = restored(parse(target), [site1]);
    assert.equal(
      text,
      target
        .replace('\n    <location path="site1.com/old"><system.webServer /></location>', '')
        .replace('<location path="Site1.com/"><system.webServer /></location>', () =>
          primary.document.slice(primary.locations.get('site1.com')?.[0] ?? primary.document.root),
        ),
    );
  });

  it('matches blocks of one path in their order', () => {
    const block = (mode: string): string => `
    <location path="site1.com" overrideMode="${mode}"><a /></location>`;
    const two = serverText({ sites: siteXml('site1.com', 1), locations: block('Allow') + block('Deny') });
    const one = serverText({ sites: siteXml('site1.com', 1), locations: block('Allow') });
    assert.equal(restored(parse(one), exportAll(parse(two))), two);
    assert.equal(restored(parse(two), exportAll(parse(one))), one);
  });
});

describe('ids of restored sites', () => {
  it('are kept where free, and else the lowest free one, which is reported', () => {
    const target = parse(serverText({ sites: siteXml('own.com', 1) + siteXml('own2.com', 3) }));
    const plan = planRestore(target, backups);
    assert.deepEqual(
      plan.sites.map(({ id }) => id),
      [4, 2],
    );
    assert.deepEqual(findings(target, backups), [
      'SiteIdRemapped site/@id: The id 1 is taken on this server, so the site gets the id 4 and logs to W3SVC4',
    ]);
    assert.deepEqual(
      listSites(parse(restored(target, backups))).map(({ id }) => id),
      [1, 3, 4, 2],
    );
  });

  it('are never given twice, also among backups of different primaries', () => {
    const other = exportAll(
      parse(serverText({ sites: siteXml('b.com', 1) + siteXml('c.com', 2) + siteXml('d.com', 0) })),
    );
    const sites = planRestore(parse(serverText({})), [...backups, ...other]).sites;
    assert.deepEqual(
      sites.map(({ id }) => id),
      [1, 2, 3, 4, 5],
    );
  });
});

describe('backups that cannot be restored', () => {
  it('are two of one site', () => {
    const twice = [site1, { ...site1, name: 'SITE1.com' }];
    assert.throws(
      () => planRestore(primary, twice),
      failure('BackupInvalid', 'There are two backups of the site SITE1.com'),
    );
  });

  it('are those whose parts are not XML', () => {
    const broken = { ...site1, site: '<site><' };
    assert.throws(
      () => planRestore(primary, [broken]),
      failure('BackupInvalid', /^The backup of site1\.com is not usable/),
    );
  });

  it('are those that lack a secret they refer to', () => {
    const holed = { ...site1, site: site1.site.replace('id="1"', 'id="1" x="[failover:secret:9]"') };
    assert.throws(
      () => planRestore(primary, [holed]),
      failure('BackupInvalid', 'The backup of site1.com lacks its secret 9'),
    );
  });
});
