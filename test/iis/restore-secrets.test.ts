import assert from 'node:assert/strict';
import { type Configuration, exportSite, planRestore, type SiteBackup } from '../../src/iis/index.ts';
import { exportOptions, parse, serverText, siteXml } from './samples.ts';
import { changes, findings, restored } from './restoring.ts';

describe('secrets of a restore', () => {
  const own = '[enc:AesProvider:T1dO:enc]';
  const theirs = '[enc:AesProvider:VEhFSVI=:enc]';
  const nas = (attributes: string): string => `
            <site name="a" id="1">
                <application path="/">
                    <virtualDirectory path="/" physicalPath="\\\\nas\\a"${attributes} />
                </application>
            </site>`;
  const server = (attributes: string, sessionKey: string): Configuration =>
    parse(serverText({ sites: nas(attributes), sessionKey }));
  const take = (configuration: Configuration): SiteBackup[] => [
    exportSite(configuration, 'a', exportOptions),
  ];
  const withoutValues = (of: SiteBackup[]): SiteBackup[] =>
    of.map((backup) => ({ ...backup, secrets: backup.secrets.map((one) => ({ ...one, value: undefined })) }));
  const directory = (text: string): string => /<virtualDirectory .*>/.exec(text)?.[0] ?? '';
  const account = ' userName="u" password="';

  it('in clear are written', () => {
    const of = take(server(`${account}p&amp;&lt;"`, 'AQIA1'));
    const text = restored(parse(serverText({ sessionKey: 'AQIA2' })), of);
    assert.match(directory(text), /userName="u" password="p&amp;&lt;" \/>$/);
    assert.deepEqual(findings(parse(serverText({ sessionKey: 'AQIA2' })), of), []);
  });

  it('that a provider encrypted are written where the target has its key', () => {
    const of = take(server(`${account}${theirs}"`, 'AQIA1'));
    assert.ok(restored(parse(serverText({ sessionKey: 'AQIA1' })), of).includes(theirs));
  });

  it('that a provider encrypted elsewhere are left out, not emptied, and reported', () => {
    const of = take(server(`${account}${theirs}"`, 'AQIA1'));
    const target = parse(serverText({ sessionKey: 'AQIA2' }));
    assert.match(directory(restored(target, of)), /userName="u" \/>$/);
    assert.deepEqual(findings(target, of), [
      'SecretNotCarried site/application[path=/]/virtualDirectory[path=/]/@password: ' +
        'The value is left out: it is encrypted by AesProvider of the primary',
    ]);
  });

  it('that cannot be carried leave the value of the target as it is', () => {
    for (const of of [
      take(server(`${account}${theirs}"`, 'AQIA1')),
      withoutValues(take(server(`${account}clear"`, 'AQIA1'))),
    ]) {
      const target = server(`${account}${own}"`, 'AQIA2');
      assert.deepEqual(changes(target, of), []);
      assert.match(findings(target, of)[0] ?? '', /^SecretKept /);
      const moved = parse(target.document.text.replace('nas\\a', 'old\\a'));
      assert.match(
        directory(restored(moved, of)),
        /physicalPath="\\\\nas\\a" userName="u" password="\[enc:AesProvider:T1dO:enc\]"/,
      );
    }
  });

  it('of another account on the target are not mixed with the account of the primary', () => {
    const of = take(server(`${account}${theirs}"`, 'AQIA1'));
    const target = server(` userName="other" password="${own}"`, 'AQIA2');
    assert.match(directory(restored(target, of)), /userName="u" \/>$/);
    assert.match(findings(target, of)[0] ?? '', /^SecretNotCarried /);
  });

  it('that a backup without password lacks are reported as such', () => {
    const of = withoutValues(take(server(`${account}clear"`, 'AQIA1')));
    assert.match(
      findings(parse(serverText({})), of)[0] ?? '',
      /left out: the backup was made without a password$/,
    );
  });

  it('that an element cannot be without take the element with them', () => {
    const locations = `
    <location path="a">
        <connectionStrings>
            <add name="db" connectionString="Password=x" password="also" />
        </connectionStrings>
    </location>`;
    const of = withoutValues(take(parse(serverText({ sites: siteXml('a', 1), locations }))));
    const text = restored(parse(serverText({})), of);
    assert.match(text, /<connectionStrings>\s*<\/connectionStrings>/);
    assert.match(findings(parse(serverText({})), of)[0] ?? '', /The setting is left out/);
  });

  it('never appear in the plan', () => {
    const of = take(server(`${account}p4ssw0rd"`, 'AQIA1'));
    const plan = planRestore(parse(serverText({})), of);
    assert.equal(JSON.stringify(plan).includes('p4ssw0rd'), false);
    assert.ok(plan.text(['a']).includes('p4ssw0rd'));
  });
});
