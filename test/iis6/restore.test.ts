import assert from 'node:assert/strict';
import { exportAll as exportIis7, parse as parseIis7, serverText, siteXml } from '../iis/samples.ts';
import { changes, findings, restored } from './restoring.ts';
import { blob, custom, exportAll, metabaseText, node, parse, real } from './samples.ts';

const primaryText = metabaseText(
  [
    {
      id: 1,
      name: 'site1.com',
      server: {
        ServerBindings: '10.1.1.1:80:site1.com\n\t\t\t:8080:',
        HttpErrors: '404,*,FILE,C:\\web\\404.htm\n\t\t\t500,*,URL,/500 a.asp',
      },
      root: { Path: 'C:\\web\\site1', UNCUserName: 'DOM\\web', UNCPassword: blob('primary') },
      nodes: node(
        'IIsWebVirtualDir',
        '/LM/W3SVC/{id}/ROOT/shop',
        { AppPoolId: 'shop', AppRoot: '/LM/W3SVC/{id}/ROOT/shop', Path: 'C:\\web\\shop' },
        custom('Back', 9001, '/LM/W3SVC/{id}/ROOT'),
      ),
    },
    { id: 10, name: 'site10.com' },
  ],
  {
    pools: node('IIsApplicationPool', '/LM/W3SVC/AppPools/shop', { PeriodicRestartTime: '60' }),
  },
);
const backups = exportAll(parse(primaryText));
const site1 = backups.filter(({ name }) => name === 'site1.com');

describe('restoring sites into a MetaBase.xml', () => {
  it('adds a site, its nodes behind it, and its pool, and changes nothing else', () => {
    for (const newline of ['\r\n', '\n']) {
      const target = metabaseText([{ id: 2, name: 'standby.com' }], { newline });
      assert.deepEqual(changes(parse(target), site1), [
        'add applicationPool shop',
        'add site site1.com',
        'add location /LM/W3SVC/1/Filters',
        'add location /LM/W3SVC/1/root',
        'add location /LM/W3SVC/1/ROOT/shop',
      ]);
      const text = restored(parse(target), site1);
      const inPrimary = parse(primaryText);
      const nodes = [...parse(text).nodes.values()];
      assert.deepEqual(
        nodes.map(({ location }) => location).filter((location) => /W3SVC\/\d/.test(location)),
        [
          '/LM/W3SVC/2',
          '/LM/W3SVC/2/Filters',
          '/LM/W3SVC/2/root',
          '/LM/W3SVC/1',
          '/LM/W3SVC/1/Filters',
          '/LM/W3SVC/1/root',
          '/LM/W3SVC/1/ROOT/shop',
        ],
      );
      const shop = inPrimary.nodes.get('lm/w3svc/1/root/shop')!.element;
      assert.ok(text.includes(inPrimary.document.slice(shop).replaceAll('\r\n', newline)));
      assert.equal(text.includes('\r\n'), newline === '\r\n');
      assertKept(target, text);
    }
  });

  it('changes nothing in the file it came from', () => {
    for (const text of [primaryText, real.toString('utf8')])
      assert.equal(restored(parse(text), exportAll(parse(text))), text);
  });

  it('updates the nodes that differ, and removes those that the primary no longer has', () => {
    const target = primaryText
      .replace('C:\\web\\site1', 'C:\\old')
      .replace(
        '<IIsFilters\tLocation ="/LM/W3SVC/10',
        `${node('IIsWebDirectory', '/LM/W3SVC/1/ROOT/old').trim()}\r\n$&`,
      );
    assert.deepEqual(changes(parse(target), site1), [
      'update location /LM/W3SVC/1/root',
      'remove location /LM/W3SVC/1/ROOT/old',
    ]);
    assert.equal(restored(parse(target), site1), primaryText);
  });

  it('gives a site another id where its own is taken, in Location, AppRoot and Custom values', () => {
    const target = metabaseText([{ id: 1, name: 'standby.com' }]);
    const text = restored(parse(target), site1);
    assert.match(text, /Location ="\/LM\/W3SVC\/2\/ROOT\/shop"/);
    assert.match(text, /AppRoot="\/LM\/W3SVC\/2\/ROOT\/shop"/);
    assert.match(text, /Value="\/LM\/W3SVC\/2\/ROOT"/);
    assert.deepEqual(
      findings(parse(target), site1).filter((one) => one.startsWith('SiteId')),
      [
        'SiteIdRemapped site/@id: The id 1 is taken on this server, so the site gets the id 2 and logs to W3SVC2',
      ],
    );
    assertKept(target, text);
  });

  it('keeps the id that the target has for the site', () => {
    const target = metabaseText([{ id: 77, name: 'SITE1.com' }]);
    const text = restored(parse(target), site1);
    assert.deepEqual(
      [...parse(text).sites].map(({ id, name }) => [id, name]),
      [[77, 'site1.com']],
    );
  });

  it('keeps the secure values of the target, and never writes an empty one', () => {
    const target = metabaseText([
      {
        id: 1,
        name: 'site1.com',
        server: { AdminACL: blob('own') },
        root: { UNCUserName: 'dom\\WEB', UNCPassword: blob('standby'), AnonymousUserPass: blob('anonymous') },
        nodes: node(
          'IIsWebVirtualDir',
          '/LM/W3SVC/{id}/ROOT/shop',
          {},
          custom('Key', 9002, blob('key'), 'SECURE'),
        ),
      },
    ]);
    const text = restored(parse(target), site1);
    for (const mark of ['own', 'standby', 'anonymous', 'acl1', 'key', 'pools', 'filters', 'service'])
      assert.equal(text.split(blob(mark)).length, 2, mark);
    assert.ok(!text.includes(blob('primary')));
    const others = metabaseText([
      { id: 1, name: 'site1.com', root: { UNCUserName: 'DOM\\other', UNCPassword: blob('other') } },
    ]);
    const replaced = restored(parse(others), site1);
    assert.doesNotMatch(replaced, /UNCPassword/);
    assert.match(
      findings(parse(others), site1).join('\n'),
      /SecretNotCarried \/LM\/W3SVC\/1\/root\/@UNCPassword: The value is left out: it is encrypted by IIS 6/,
    );
  });

  it('maps paths and addresses, in single and multiple values', () => {
    const text = restored(parse(metabaseText([])), site1, {
      pathMap: new Map([['c:\\WEB', 'E:\\w & s']]),
      addressMap: new Map([['10.1.1.1', '10.1.1.2']]),
    });
    assert.ok(text.includes('ServerBindings="10.1.1.2:80:site1.com\r\n\t\t\t:8080:"'));
    assert.ok(text.includes('Path="E:\\w &amp; s\\site1"'));
    assert.ok(text.includes('404,*,FILE,E:\\w &amp; s\\404.htm\r\n\t\t\t500,*,URL,/500 a.asp"'));
    const toAll = restored(parse(metabaseText([])), site1, { addressMap: new Map([['10.1.1.1', '*']]) });
    assert.ok(toAll.includes('ServerBindings=":80:site1.com'));
  });

  it('refuses a site whose name several sites of the target have, unless one has its id', () => {
    const twins = (ids: number[]): string => metabaseText(ids.map((id) => ({ id, name: 'site1.com' })));
    assert.deepEqual(changes(parse(twins([3, 4])), site1), []);
    assert.match(
      findings(parse(twins([3, 4])), site1).join('\n'),
      /SiteAmbiguous .* 2 sites .* the ids 3, 4/,
    );
    const text = restored(parse(twins([1, 4])), site1);
    assert.ok(text.includes('C:\\inetpub\\4'));
    assert.ok(!text.includes('C:\\inetpub\\1'));
  });

  it('leaves DefaultAppPool alone, and refuses a pool that serves a site which is not restored', () => {
    const withDefault = metabaseText([{ id: 10, name: 'site10.com' }]).replace(
      'AppPools/DefaultAppPool"',
      '$&\r\n\t\tIdleTimeout="5"',
    );
    const site10 = backups.filter(({ name }) => name === 'site10.com');
    assert.equal(restored(parse(withDefault), site10), withDefault);
    assert.match(findings(parse(withDefault), site10).join('\n'), /^PoolDiffers/m);
    const shared = metabaseText([{ id: 2, name: 'other', server: { AppPoolId: 'SHOP' } }], {
      pools: node('IIsApplicationPool', '/LM/W3SVC/AppPools/Shop', { PeriodicRestartTime: '5' }),
    });
    assert.deepEqual(changes(parse(shared), site1), []);
    assert.match(findings(parse(shared), site1).join('\n'), /^PoolShared .*other runs in it as well/m);
  });

  it('says when IISADMIN has to be stopped', () => {
    const target = metabaseText([], { editable: false });
    assert.match(
      findings(parse(target), site1).join('\n'),
      /^EditWhileRunningOff \/LM\/@EnableEditWhileRunning/m,
    );
    assert.doesNotMatch(findings(parse(metabaseText([])), site1).join('\n'), /EditWhileRunningOff/);
  });

  it('refuses a site whose binding is that of another site, unless one of them does not start', () => {
    const target = (server: Record<string, string>): string =>
      metabaseText([{ id: 2, name: 'other', server: { ServerBindings: '*:8080:', ...server } }]);
    const found = findings(parse(target({})), site1).join('\n');
    assert.match(found, /^BindingConflict .*The binding :8080: is that of the site other as well/m);
    assert.deepEqual(changes(parse(target({})), site1), []);
    assert.match(findings(parse(target({ ServerAutoStart: 'FALSE' })), site1).join('\n'), /^BindingShared/m);
  });

  it('refuses the backup of a site of IIS 7', () => {
    const iis7 = exportIis7(parseIis7(serverText({ sites: siteXml('site1.com', 1) })));
    assert.deepEqual(changes(parse(primaryText), iis7), []);
    assert.match(findings(parse(primaryText), iis7).join('\n'), /^BackupOfIis7 site: /m);
  });

  it('takes a real site into another server, and leaves each other byte of that', () => {
    const target = metabaseText([{ id: 1, name: 'standby.com' }]);
    assertKept(target, restored(parse(target), exportAll(parse(real))));
    assertKept(real.toString('utf8'), restored(parse(real), site1));
  });
});

/** Every line of `before` is in `after`, in its order; nothing but whole nodes came in between. */
function assertKept(before: string, after: string): void {
  let rest = after;
  let from = 0;
  const removedNodes: string[] = [];
  const nodes = /<(\w+)\tLocation[\s\S]*?<\/\1>\r?\n/g;
  const own = new Set(before.match(nodes));
  for (const added of after.match(nodes) ?? []) if (!own.has(added)) removedNodes.push(added);
  for (const added of removedNodes) {
    from = rest.indexOf(added);
    rest = rest.slice(0, from) + rest.slice(from + added.length);
  }
  assert.equal(rest, before);
}
