import assert from 'node:assert/strict';
import { PasswordBoxes } from '../../src/edge/secret-box.ts';
import { formatBackup, parseBackup } from '../../src/iis/backup-file.ts';
import { isMetabase, type Metabase } from '../../src/iis6/metabase.ts';
import { exportMetabaseSite } from '../../src/iis6/export.ts';
import { siteModel } from '../../src/iis6/site-model.ts';
import { Secret } from '../../src/model/secret.ts';
import { failure } from '../iis/samples.ts';
import { custom, exportAll, exportOptions, metabaseText, node, parse, real } from './samples.ts';

const sample = metabaseText(
  [
    {
      id: 1,
      name: 'site1.com',
      server: { ServerBindings: ':80:\n\t\t\t10.1.1.1:80:www.site1.com' },
      root: { UNCPassword: '49634462aa01', AnonymousUserPass: '' },
      nodes:
        node('IIsWebVirtualDir', '/LM/W3SVC/{id}/ROOT/shop', {
          AppPoolId: 'shop',
          AppRoot: '/LM/W3SVC/{id}/ROOT/Shop',
          Path: 'D:\\shop &amp; co',
        }) +
        node('IIsWebVirtualDir', '/LM/W3SVC/{id}/root/shop/img', {
          AppRoot: '/LM/W3SVC/{id}/ROOT/Shop',
          Path: 'D:\\img',
        }) +
        node('IIsConfigObject', '/LM/W3SVC/{id}/x', {}, custom('Key', 9001, '4963446299', 'SECURE')),
    },
    { id: 10, name: 'site10.com' },
  ],
  { pools: node('IIsApplicationPool', '/LM/W3SVC/AppPools/Shop', { WAMUserPass: '49634462bb' }) },
);

describe('a site of IIS 6', () => {
  it('is told from a site of IIS 7 by the file', () => {
    assert.ok(isMetabase(real));
    assert.ok(isMetabase(Buffer.from(sample)));
    assert.ok(
      !isMetabase(Buffer.from('<configuration><!-- <MBProperty> --><configSections/></configuration>')),
    );
    assert.ok(!isMetabase(Buffer.from('<configuration><x><MBProperty/></x></configuration>')));
  });

  it('has all nodes below its own, whatever their case, its pools, and its content', () => {
    const [backup] = exportAll(parse(sample));
    assert.ok(backup);
    assert.equal(backup.kind, 'IIS6');
    assert.deepEqual(
      [...backup.site.matchAll(/Location ="([^"]*)"/g)].map(([, location]) => location),
      [
        '/LM/W3SVC/1',
        '/LM/W3SVC/1/Filters',
        '/LM/W3SVC/1/root',
        '/LM/W3SVC/1/ROOT/shop',
        '/LM/W3SVC/1/root/shop/img',
        '/LM/W3SVC/1/x',
      ],
    );
    assert.deepEqual(
      backup.applicationPools.map(({ name }) => name),
      ['/LM/W3SVC/AppPools/DefaultAppPool', '/LM/W3SVC/AppPools/Shop'],
    );
    assert.deepEqual(backup.contentRoots, [
      { application: '/', virtualDirectory: '/', physicalPath: 'C:\\inetpub\\1' },
      { application: '/shop', virtualDirectory: '/', physicalPath: 'D:\\shop & co' },
      { application: '/shop', virtualDirectory: '/img', physicalPath: 'D:\\img' },
    ]);
  });

  it('is read in the terms of IIS 7: bindings, applications, pools', () => {
    const metabase = parse(sample);
    const site = siteModel(metabase, metabase.sites[0]!);
    assert.deepEqual(
      site.bindings.map(({ protocol, endpoint }) => [
        protocol,
        endpoint?.address,
        endpoint?.port,
        endpoint?.hostName,
      ]),
      [
        ['http', '*', 80, ''],
        ['http', '10.1.1.1', 80, 'www.site1.com'],
      ],
    );
    assert.deepEqual(
      site.applications.map(({ path, applicationPool, virtualDirectories }) => [
        path,
        applicationPool,
        virtualDirectories.map((directory) => directory.physicalPath),
      ]),
      [
        ['/', 'DefaultAppPool', ['C:\\inetpub\\1']],
        ['/shop', 'shop', ['D:\\shop & co', 'D:\\img']],
      ],
    );
  });

  it('leaves every secure value behind, and says where they were', async () => {
    const [backup] = exportAll(parse(sample));
    assert.ok(backup);
    assert.deepEqual(
      backup.secrets.map(({ path }) => path),
      ['/LM/W3SVC/1/root/@UNCPassword', '/LM/W3SVC/1/x/Custom[Key]', '/LM/W3SVC/AppPools/Shop/@WAMUserPass'],
    );
    const text = await formatBackup(backup);
    assert.doesNotMatch(text, /49634462|AdminACL|AnonymousUserPass/);
  });

  it('comes back from its file as it was taken, multi-values included', async () => {
    const passwords = new PasswordBoxes(new Secret('correct horse'));
    for (const box of [undefined, await passwords.fresh()])
      for (const metabase of [parse(sample), parse(real)])
        for (const backup of exportAll(metabase)) {
          const bytes = Buffer.from(await formatBackup(backup, box));
          const read = await parseBackup(bytes, 'x.xml', box && passwords);
          assert.equal(read.kind, 'IIS6');
          assert.deepEqual(unlaid(read), unlaid(backup));
        }
  });

  it('of a real file is read with its bindings, its pool and its one secret', () => {
    const [backup, ...others] = exportAll(parse(real));
    assert.ok(backup);
    assert.equal(others.length, 0);
    assert.equal(backup.name, 'Default Web Site');
    assert.deepEqual(backup.contentRoots, [
      { application: '/', virtualDirectory: '/', physicalPath: 'E:\\inetpub\\wwwroot' },
    ]);
    assert.deepEqual(
      backup.secrets.map(({ path }) => path),
      ['/LM/W3SVC/1/ROOT/@UNCPassword'],
    );
    assert.doesNotMatch(JSON.stringify(backup), /49634462|49634b62/);
  });

  it('without a ServerComment is refused with its id and line', () => {
    const metabase: Metabase = parse(metabaseText([{ id: 7, name: '' }]));
    assert.throws(
      () => exportMetabaseSite(metabase, metabase.sites[0]!, exportOptions),
      failure('SiteInvalid', 'The site 7 of MetaBase.xml has no ServerComment at line 20'),
    );
  });

  it('is not read from a file with more in a node than properties, which could be a secret', () => {
    const text = (inside: string): string =>
      metabaseText([{ id: 1, name: 'a', nodes: node('IIsFilter', '/LM/W3SVC/1/f', {}, inside) }]);
    for (const inside of ['49634462aa', '<!-- 49634462aa -->', '<x/>', '<Custom>y</Custom>'])
      assert.throws(
        () => parse(text(inside)),
        failure('MetabaseInvalid', /within a <IIsFilter> at line \d+/),
      );
  });

  it('is not read from a file with two nodes of one Location', () => {
    const text = metabaseText([
      { id: 1, name: 'a' },
      { id: 1, name: 'b' },
    ]);
    assert.throws(
      () => parse(text),
      failure('MetabaseInvalid', /two elements with the Location \/LM\/W3SVC\/1, at lines/),
    );
  });
});

/** Line ends and indentation are those of the file. */
function unlaid(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value)
      .replace(/(\\r\\n|\\n)( |\\t)*</g, '\\n<')
      .replaceAll('\\r\\n', '\\n'),
  );
}
