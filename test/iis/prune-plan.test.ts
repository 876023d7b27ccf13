import assert from 'node:assert/strict';
import type { Ownership } from '../../src/history/index.ts';
import {
  planRestore,
  revertConfiguration,
  type RestoreOptions,
  type SiteBackup,
} from '../../src/iis/index.ts';
import { backups, site2 } from './restoring.ts';
import { failure, parse, serverText, siteXml } from './samples.ts';

const pool = (name: string): string => `
            <add name="${name}" />`;
const location = (path: string): string => `
    <location path="${path}">
        <system.webServer />
    </location>`;

/** The module created gone1, gone2 and their pools; `own` and its pool were there before. */
const standby = serverText({
  pools: pool('shared') + pool('both') + pool('alone') + pool('ownPool'),
  sites:
    siteXml('gone1', 11, { pool: 'BOTH' }) +
    siteXml('own', 12, { pool: 'shared' }) +
    siteXml('gone2', 13, { pool: 'both' }) +
    siteXml('gone3', 14, { pool: 'alone' }) +
    siteXml('gone4', 15, { pool: 'shared' }) +
    siteXml('gone5', 16, { pool: 'ownPool' }),
  locations: location('gone1') + location('own') + location('GONE1/app'),
});
const created: Readonly<Record<string, readonly string[]>> = {
  site: ['gone1', 'gone2', 'gone3', 'gone4', 'gone5', 'deleted by hand'],
  applicationPool: ['shared', 'both', 'alone', 'DefaultAppPool'],
};
const ownership: Ownership = {
  owns: (element, name) => (created[element] ?? []).some((one) => one.toLowerCase() === name.toLowerCase()),
  names: (element) => created[element] ?? [],
};

function plan(listed: readonly string[], of: readonly SiteBackup[] = [], force = true) {
  const options: RestoreOptions = { prune: { listed, ownership, force } };
  return planRestore(parse(standby), of, options);
}

function changes(listed: readonly string[], of: readonly SiteBackup[] = []): Record<string, string[]> {
  return Object.fromEntries(
    plan(listed, of).sites.map((site) => [
      site.name,
      site.changes.map(({ action, element, name }) => `${action} ${element} ${name}`),
    ]),
  );
}

describe('a prune', () => {
  it('removes what the module created and the list does not have, with locations and unused pools', () => {
    assert.deepEqual(changes([]), {
      gone1: ['remove site gone1', 'remove location gone1', 'remove location GONE1/app'],
      gone2: ['remove site gone2', 'remove applicationPool both'],
      gone3: ['remove site gone3', 'remove applicationPool alone'],
      gone4: ['remove site gone4'],
      gone5: ['remove site gone5'],
    });
  });

  it('leaves sites of the list, in whatever case, and the pools of sites that stay', () => {
    assert.deepEqual(changes(['Gone1', 'GONE3', 'gone4', 'gone5']), { gone2: ['remove site gone2'] });
  });

  it('leaves a pool that a site restored in the same run needs', () => {
    const needs = { ...site2, applicationPools: [{ name: 'Alone', xml: '<add name="alone" />' }] };
    assert.deepEqual(changes(['gone1', 'gone2', 'gone4', 'gone5'], [needs])['gone3'], ['remove site gone3']);
  });

  it('writes exactly that: the file without these elements', () => {
    const text = plan([]).text(['gone1', 'gone2', 'gone3', 'gone4', 'gone5']);
    const expected = serverText({
      pools: pool('shared') + pool('ownPool'),
      sites: siteXml('own', 12, { pool: 'shared' }),
      locations: location('own'),
    });
    assert.equal(text, expected);
  });

  it('keeps a shared pool where one of its sites was declined, and records what was done', () => {
    const planned = plan(['gone3', 'gone4', 'gone5']);
    const text = planned.text(['gone2']);
    assert.match(text, /<add name="both" \/>/);
    assert.doesNotMatch(text, /name="gone2"/);
    assert.deepEqual(planned.changes?.(['gone2']), [
      { site: 'gone2', action: 'remove', element: 'site', name: 'gone2' },
    ]);
  });

  it('makes room for a restored site with the same binding', () => {
    const sites = siteXml('gone1', 11, { binding: '10.1.1.1:80:site2.com' });
    const options: RestoreOptions = { prune: { listed: [], ownership, force: true } };
    const [restored] = planRestore(parse(serverText({ sites })), [site2], options).sites;
    assert.deepEqual(restored?.findings, []);
  });

  it('is brought back by an undo, each element where it was', () => {
    const planned = plan([], backups);
    const names = planned.sites.map(({ name }) => name);
    const after = planned.text(names);
    const later = (text: string): string => text.replace('C:\\web\\own"', 'D:\\web\\own"');
    const { content } = revertConfiguration(
      { before: Buffer.from(standby), after: Buffer.from(after), current: Buffer.from(later(after)) },
      planned.changes!(names).map((change) => ({ ...change, owned: { before: true, after: false } })),
      'applicationHost.config',
    );
    assert.equal(content.toString(), later(standby));
  });
});

describe('an implausible prune', () => {
  const listed = (count: number): string[] => Array.from({ length: count }, (_, index) => `site${index}`);

  it('is refused with its numbers, unless forced', () => {
    assert.throws(
      () => plan(listed(16), [], false),
      failure(
        'PruneImplausible',
        '5 sites would be removed from applicationHost.config (gone1, gone2, gone3, …), but the site list has 16: ' +
          'that is more than 30 %',
      ),
    );
    assert.equal(plan(listed(16), [], true).sites.length, 5);
    assert.equal(plan(listed(17), [], false).sites.length, 5);
  });

  it('is that of an empty list, and no prune at all is none', () => {
    assert.throws(() => plan([], [], false), failure('PruneImplausible', /but the site list is empty/));
    const options: RestoreOptions = { prune: { listed: [], ownership, force: false } };
    assert.deepEqual(planRestore(parse(serverText({})), [], options).sites, []);
  });
});
