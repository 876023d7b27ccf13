import assert from 'node:assert/strict';
import { listSites, parseConfiguration, planRestore, type RestoreOptions } from '../../src/iis/index.ts';
import type { Site } from '../../src/model/site.ts';
import { brokenRules } from '../support/iis-validator.ts';
import { corpus, exportAll, serverText, siteXml } from './samples.ts';

const short = (name: string): string => name.replace('.applicationHost.config', '');

/** Sites that a restore refuses, and why, by `source -> target`; all others are restored. */
const refusals: Readonly<Record<string, readonly string[]>> = {
  'iis-reverse-proxy -> carbon-server2012r2': ['Default Web Site SectionUndeclared'],
  'wcf-to-corewcf -> carbon-server2012r2': [
    'CoreWCF.SampleService SectionUndeclared',
    'api SectionUndeclared',
  ],
  'wcf-to-corewcf -> iis-reverse-proxy': ['CoreWCF.SampleService SectionUndeclared', 'api SectionUndeclared'],
  'wcf-to-corewcf -> jexus-12-sites': [
    'WebSite1 PoolShared',
    'CoreWCF.SampleService SectionUndeclared',
    'api SectionUndeclared',
  ],
  'wcf-to-corewcf -> jexus-12-sites-ftp-enc': [
    'WebSite1 PoolShared',
    'CoreWCF.SampleService SectionUndeclared',
    'api SectionUndeclared',
  ],
};

function restoreAll(from: Buffer, to: Buffer, options?: RestoreOptions) {
  const backups = exportAll(parseConfiguration(from, 'primary'));
  const plan = planRestore(parseConfiguration(to, 'standby'), backups, options);
  return { plan, bytes: Buffer.from(plan.text(backups.map(({ name }) => name))) };
}

describe('real files after a restore, by the rules of IIS', () => {
  for (const from of corpus)
    for (const to of corpus.filter((other) => other !== from)) {
      const pair = `${short(from.name)} -> ${short(to.name)}`;
      it(`${pair}: no rule is broken that was not broken before`, () => {
        const { plan, bytes } = restoreAll(from.bytes, to.bytes);
        assert.deepEqual(
          plan.sites.flatMap(({ name, findings }) =>
            findings.filter(({ severity }) => severity === 'error').map(({ id }) => `${name} ${id}`),
          ),
          refusals[pair] ?? [],
        );
        const before = [...brokenRules(from.bytes), ...brokenRules(to.bytes)];
        assert.deepEqual(
          brokenRules(bytes).filter((rule) => !before.includes(rule)),
          [],
        );
      });

      it(`${pair}: with mapped paths and addresses the sites are otherwise the same`, () => {
        const options = {
          pathMap: new Map([['C:\\inetpub', 'E:\\standby']]),
          variables: new Map([['SYSTEMDRIVE', 'C:']]),
          addressMap: new Map([['*', '10.9.9.9']]),
        };
        const { plan, bytes } = restoreAll(from.bytes, to.bytes, options);
        const restored = new Set(plan.sites.filter(({ refused }) => !refused).map(({ name }) => name));
        const sitesOf = (file: Buffer): Site[] =>
          listSites(parseConfiguration(file, 'file')).filter(({ name }) => restored.has(name));
        const expected = sitesOf(from.bytes).map(({ name, bindings, applications }) => ({
          name,
          bindings: bindings.map(({ bindingInformation }) =>
            /^\*?:\d+:/.test(bindingInformation)
              ? bindingInformation.replace(/^\*?/, '10.9.9.9')
              : bindingInformation,
          ),
          paths: applications.flatMap(({ virtualDirectories }) =>
            virtualDirectories.map(({ physicalPath }) =>
              physicalPath.replace(/^(%SystemDrive%|C:)\\inetpub(?=\\|$)/i, 'E:\\standby'),
            ),
          ),
        }));
        const found = sitesOf(bytes).map(({ name, bindings, applications }) => ({
          name,
          bindings: bindings.map(({ bindingInformation }) => bindingInformation),
          paths: applications.flatMap(({ virtualDirectories }) =>
            virtualDirectories.map(({ physicalPath }) => physicalPath),
          ),
        }));
        const byName = (one: { name: string }, other: { name: string }): number =>
          one.name < other.name ? -1 : 1;
        assert.deepEqual(found.sort(byName), expected.sort(byName));
      });
    }

  it('would be broken by the sites that are refused', () => {
    const carbon = corpus.find(({ name }) => name.startsWith('carbon'))!.bytes.toString('utf8');
    const block =
      '<location path="Default Web Site"><system.webServer><aspNetCore /></system.webServer></location>';
    const text = carbon.replace('</configuration>', `${block}</configuration>`);
    assert.deepEqual(brokenRules(Buffer.from(text)), [
      'the section system.webServer/aspNetCore is not declared',
    ]);
  });
});

describe('the validator of these tests', () => {
  const sections = `<configSections><section name="location" /><sectionGroup name="system.applicationHost">
    <section name="sites" /><section name="applicationPools" /></sectionGroup></configSections>`;
  const file = (parts: Parameters<typeof serverText>[0]): string =>
    serverText(parts).replace('<configProtectedData>', `${sections}$&`);
  const good = siteXml('a', 1) + siteXml('b', 2);

  it('takes a valid file', () => {
    assert.deepEqual(brokenRules(Buffer.from(file({ sites: good }))), []);
    for (const { name, bytes } of corpus.filter((one) => /^(carbon|iis-reverse|aspnetcore)/.test(one.name)))
      assert.deepEqual(brokenRules(bytes), [], name);
  });

  const cases: [string, (text: string) => string, string][] = [
    ['a name twice', (text) => text.replace('name="b"', 'name="A"'), 'two sites named a'],
    ['an id twice', (text) => text.replace('id="2"', 'id="1"'), 'two sites with the id 1'],
    ['an id of 0', (text) => text.replace('id="2"', 'id="0"'), 'b has the id 0'],
    [
      'a pool twice',
      (text) => text.replace('<add name="DefaultAppPool" />', '$&$&'),
      'two pools named defaultapppool',
    ],
    [
      'a missing pool',
      (text) => text.replace('path="/"', 'path="/" applicationPool="x"'),
      'a/ runs in the pool x, which is not there',
    ],
    [
      'one endpoint of two sites',
      (text) => text.replace('10.1.1.1:80:b', '10.1.1.1:80:A'),
      'a and b both have 10.1.1.1:80:a',
    ],
    ['a port out of range', (text) => text.replace(':80:b', ':0:b'), 'b has the binding http 10.1.1.1:0:b'],
    [
      'a section without declaration',
      (text) => text.replace('</configuration>', '<x />$&'),
      'the section x is not declared',
    ],
    [
      'a location of no site',
      (text) => text.replace('</configuration>', '<location path="c/d" />$&'),
      'the location c/d is of no site',
    ],
    [
      'no root application',
      (text) => text.replace('<application path="/"', '<application path="/x"'),
      'a has no root application',
    ],
  ];
  for (const [fault, change, rule] of cases)
    it(`finds ${fault}`, () => {
      assert.deepEqual(brokenRules(Buffer.from(change(file({ sites: good })))), [rule]);
    });
});
