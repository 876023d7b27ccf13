import assert from 'node:assert/strict';
import { listSites, planRestore } from '../../src/iis/index.ts';
import { exportAll, parse, serverText, siteXml } from './samples.ts';
import { backups, changes, findings, primaryText, restored, site1 } from './restoring.ts';

describe('what a restore reports of the server', () => {
  it('is defaults that differ, once', () => {
    const other = parse(serverText({}).replace('"v4.0"', '"v2.0"'));
    const plan = planRestore(other, backups);
    assert.deepEqual(
      plan.findings.map(({ id, message }) => [id, message]),
      [
        [
          'DefaultsDiffer',
          '<applicationPoolDefaults> differs from that of PRIMARY in @managedRuntimeVersion',
        ],
      ],
    );
    assert.deepEqual(planRestore(parse(serverText({})), backups).findings, []);
  });

  it('is bindings that a site which is not restored has as well: that site is refused, the others are not', () => {
    const binding = { binding: '10.1.1.1:80:SITE1.com' };
    const target = parse(serverText({ sites: siteXml('own.com', 7, binding) + siteXml('own2.com', 8) }));
    assert.deepEqual(findings(target, backups), [
      'BindingConflict site/bindings/binding[http 10.1.1.1:80:site1.com]: ' +
        'The binding 10.1.1.1:80:site1.com is that of the site own.com as well',
    ]);
    assert.deepEqual(changes(target, backups), ['add site site2.com']);
    const mapped = { addressMap: new Map([['10.1.1.1', '10.1.1.2']]) };
    assert.deepEqual(findings(target, backups, mapped), []);
  });

  it('is a warning where one of the two sites does not start with IIS', () => {
    const binding = { binding: '10.1.1.1:80:site1.com' };
    const own = siteXml('own.com', 7, binding).replace('id="7"', 'id="7" serverAutoStart="false"');
    const target = parse(serverText({ sites: own }));
    assert.match(findings(target, [site1]).join(), /^BindingShared /);
    assert.ok(changes(target, [site1]).includes('add site site1.com'));
  });

  it('is the binding of a site that was to be restored and is refused', () => {
    const other = siteXml('own.com', 7, { binding: '10.1.1.1:80:other' });
    const old = siteXml('site1.com', 1, { binding: '10.1.1.1:80:site2.com' });
    const target = parse(serverText({ sites: other.replace(':other', ':site1.com') + old }));
    assert.deepEqual(
      planRestore(target, backups).sites.map(({ refused }) => refused),
      [true, true],
    );
  });

  it('is a binding that sites of two primaries have', () => {
    const second = exportAll(parse(primaryText.replace('name="site1.com"', 'name="twin.com"'))).map(
      (backup) => ({ ...backup, source: 'SECOND' }),
    );
    const twin = second.filter(({ name }) => name === 'twin.com');
    assert.deepEqual(
      planRestore(parse(serverText({})), [...backups, ...twin]).sites.map(({ refused }) => refused),
      [false, false, true],
    );
  });

  it('is nothing for a binding in a comment, or of the site itself', () => {
    const text = primaryText.replace(
      '<sites>',
      `<sites><!--${siteXml('old', 9, { binding: '10.1.1.1:80:site2.com' })}-->`,
    );
    assert.deepEqual(findings(parse(text.replace('C:\\web\\site2.com', 'D:\\old')), backups), []);
  });
});

describe('maps of a restore', () => {
  it('move physical paths and log folders, whole segments only', () => {
    const options = {
      pathMap: new Map([
        ['c:\\WEB', 'D:\\sites'],
        ['C:\\web\\site2', 'E:\\'],
      ]),
    };
    const text = restored(parse(serverText({})), backups, options);
    assert.match(text, /physicalPath="D:\\sites\\site1.com"/);
    assert.match(text, /physicalPath="D:\\sites\\site2.com"/);
  });

  it('see through variables, as the content copy does, and keep those that no prefix matches', () => {
    const of = (physicalPath: string): string => {
      const sites = siteXml('a', 1).replace('C:\\web\\a', physicalPath);
      return restored(parse(serverText({})), exportAll(parse(serverText({ sites }))), {
        pathMap: new Map([['C:\\inetpub', 'D:\\sites']]),
        variables: new Map([['SYSTEMDRIVE', 'C:']]),
      });
    };
    assert.match(of('%SystemDrive%\\inetpub\\a'), /physicalPath="D:\\sites\\a"/);
    assert.match(of('%SystemDrive%\\other\\a'), /physicalPath="%SystemDrive%\\other\\a"/);
  });

  it('move binding addresses, IPv6 in any form, and * only where it is named', () => {
    const bindings = ['10.1.1.1:80:a', '[2001:db8::1]:443:', '*:80:a', ':81:a', '10.1.1.10:80:', '808:*'];
    const sites = `<site name="a" id="1"><bindings>${bindings.map((b) => `<binding protocol="http" bindingInformation="${b}" />`).join('')}</bindings></site>`;
    const of = (map: [string, string][]): string[] | undefined =>
      listSites(
        parse(
          restored(parse(serverText({})), exportAll(parse(serverText({ sites }))), {
            addressMap: new Map(map),
          }),
        ),
      )[0]?.bindings.map((binding) => binding.bindingInformation);
    assert.deepEqual(
      of([
        ['10.1.1.1', '10.1.1.2'],
        ['[2001:DB8:0::1]', '2001:db8::2'],
      ]),
      ['10.1.1.2:80:a', '[2001:db8::2]:443:', '*:80:a', ':81:a', '10.1.1.10:80:', '808:*'],
    );
    assert.deepEqual(of([['*', '10.9.9.9']]), [
      '10.1.1.1:80:a',
      '[2001:db8::1]:443:',
      '10.9.9.9:80:a',
      '10.9.9.9:81:a',
      '10.1.1.10:80:',
      '808:*',
    ]);
  });
});
