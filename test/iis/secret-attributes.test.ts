import assert from 'node:assert/strict';
import { findSecrets } from '../../src/iis/secrets.ts';
import { formatBackup } from '../../src/iis/backup-file.ts';
import { parseConfiguration, planRestore } from '../../src/iis/index.ts';
import { XmlDocument } from '../../src/iis/scan.ts';
import { corpus, exportAll, parse, serverText, siteXml } from './samples.ts';

function secretsIn(xml: string) {
  const document = new XmlDocument(xml);
  return findSecrets(document, document.root, 'x');
}

/** `[element xml, attribute, kind, encryptable]`: one of each that IIS 7 to 10 and ASP.NET know. */
const known: readonly [string, string, string, boolean][] = [
  ['<add><processModel password="S" /></add>', 'password', 'password', true],
  ['<application><virtualDirectory password="S" /></application>', 'password', 'password', true],
  ['<site><virtualDirectoryDefaults password="S" /></site>', 'password', 'password', true],
  ['<authentication><anonymousAuthentication password="S" /></authentication>', 'password', 'password', true],
  ['<userIsolation><activeDirectory adPassword="S" /></userIsolation>', 'adPassword', 'password', true],
  ['<oneToOneMappings><add password="S" /></oneToOneMappings>', 'password', 'password', true],
  ['<manyToOneMappings><add password="S" /></manyToOneMappings>', 'password', 'password', true],
  ['<system.webServer><odbcLogging password="S" /></system.webServer>', 'password', 'password', true],
  ['<x><configurationRedirection password="S" /></x>', 'password', 'password', true],
  ['<settings><add key="a" encryptedValue="S" /></settings>', 'encryptedValue', 'setting', true],
  ['<credentials><user name="a" password="S" /></credentials>', 'password', 'password', false],
  [
    '<connectionStrings><add connectionString="S" /></connectionStrings>',
    'connectionString',
    'connectionString',
    false,
  ],
  ['<system.web><machineKey validationKey="S" /></system.web>', 'validationKey', 'key', false],
  ['<system.web><machineKey decryptionKey="S" /></system.web>', 'decryptionKey', 'key', false],
  [
    '<system.web><sessionState sqlConnectionString="S" /></system.web>',
    'sqlConnectionString',
    'connectionString',
    false,
  ],
  ['<system.web><identity userName="u" password="S" /></system.web>', 'password', 'password', false],
  ['<smtp><network password="S" /></smtp>', 'password', 'password', false],
  ['<appSettings><add key="ApiKey" value="S" /></appSettings>', 'value', 'setting', false],
  [
    '<environmentVariables><add name="DB_PASSWORD" value="S" /></environmentVariables>',
    'value',
    'setting',
    false,
  ],
  [
    '<serverVariables><set name="HTTP_AUTHORIZATION" value="S" /></serverVariables>',
    'value',
    'setting',
    false,
  ],
  ['<handlers><aspNetCore arguments="--password S" /></handlers>', 'arguments', 'setting', false],
  [
    '<appSettings><add key="Db" value="Server=x; Pwd = S" /></appSettings>',
    'value',
    'connectionString',
    false,
  ],
  ['<x><y proxy="http://user:S@proxy" /></x>', 'proxy', 'connectionString', false],
];

describe('secret attributes', () => {
  for (const [xml, name, kind, encryptable] of known)
    it(`${xml} holds a ${kind}${encryptable ? ' that IIS encrypts' : ''}`, () => {
      assert.deepEqual(
        secretsIn(xml).map((one) => [one.attribute.name, one.kind, one.encryptable]),
        [[name, kind, encryptable]],
      );
    });

  for (const xml of [
    '<add><processModel password="" /></add>',
    '<system.web><machineKey validationKey="AutoGenerate,IsolateApps" /></system.web>',
    '<providers><add name="m" connectionStringName="db" enablePasswordReset="true" requiresPassword="true" /></providers>',
    '<appSettings><add key="Colour" value="red" /></appSettings>',
    '<rewrite><action url="https://www.example.com/{R:1}?password={C:1}" /></rewrite>',
  ])
    it(`${xml} holds none`, () => {
      assert.deepEqual(secretsIn(xml), []);
    });

  it('any encrypted value is one, whatever the provider and the white space', () => {
    for (const provider of [
      'IISWASOnlyAesProvider',
      'AesProvider',
      'IISCngProvider',
      'IISWASOnlyCngProvider',
      'My-1',
    ])
      for (const value of [
        `[enc:${provider}:AAAA:enc]`,
        `  [enc:${provider}:AA\r\n    AA:enc]\n`,
        `[enc: ${provider} :AAAA: enc]`,
        `&#91;enc:${provider}:AAAA:enc]`,
      ])
        assert.deepEqual(
          secretsIn(`<a><b future="${value}" /></a>`).map((one) => [one.provider, one.encryptable]),
          [[provider, true]],
        );
  });

  it('every encrypted value of the real files is found, in clear text of no backup or plan', async () => {
    let total = 0;
    for (const { name, bytes } of corpus) {
      const configuration = parseConfiguration(bytes, name);
      const { document } = configuration;
      const values = [...document.text.matchAll(/\[enc:[^"]*:enc\]/g)].map(([value]) => value);
      const found = findSecrets(document, document.root, 'configuration').map(
        ({ attribute }) => attribute.value,
      );
      assert.deepEqual(found.filter((value) => value.startsWith('[enc:')).sort(), values.sort());
      total += values.length;
      const backups = exportAll(configuration);
      const plan = planRestore(parse(serverText({})), backups);
      const shown = [JSON.stringify(plan), ...(await Promise.all(backups.map((one) => formatBackup(one))))];
      for (const text of shown) assert.doesNotMatch(text, /\[enc:/);
    }
    assert.equal(total, 3);
  });

  it('a hundred encrypted pools are a hundred secrets', () => {
    const pools = Array.from(
      { length: 100 },
      (_, index) =>
        `<add name="p${index}"><processModel password="[enc:IISWASOnlyAesProvider:A${index}:enc]" /></add>`,
    ).join('');
    const { document } = parse(serverText({ pools, sites: siteXml('a', 1) }));
    assert.equal(findSecrets(document, document.root, 'configuration').length, 100);
  });
});
