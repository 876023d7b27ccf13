import assert from 'node:assert/strict';
import {
  type Configuration,
  exportSite,
  listSites,
  parseConfiguration,
  planRestore,
  type SiteBackup,
} from '../../src/iis/index.ts';
import { removal } from '../../src/iis/layout.ts';
import { meaning } from '../../src/iis/meaning.ts';
import { poolNames } from '../../src/iis/read.ts';
import type { XmlElement } from '../../src/iis/scan.ts';
import { splice } from '../../src/iis/splice.ts';
import { nameKey, type Site } from '../../src/model/site.ts';
import { corpus, exportAll, exportOptions } from './samples.ts';

const open = (bytes: Buffer): Configuration => parseConfiguration(bytes, 'applicationHost.config');

/** The text without these sites and what belongs to them: what a restore of them may not touch. */
function remainder(
  configuration: Configuration,
  backups: readonly SiteBackup[],
  pools: readonly string[],
): string {
  const { document, sites, locations } = configuration;
  const elements = [
    ...backups.flatMap(({ name }) => [
      ...(sites.has(nameKey(name)) ? [sites.get(nameKey(name))?.element] : []),
      ...(locations.get(nameKey(name)) ?? []),
    ]),
    ...[...new Set(pools.map(nameKey))].map((key) => configuration.pools.get(key)),
  ].filter((element) => element !== undefined);
  return splice(
    document.text,
    elements.map((element) => removal(document, element)),
  );
}

/** All that a visitor of the site depends on, with pools resolved; ids may differ between servers. */
function behaviour(configuration: Configuration, site: Site): unknown {
  const { document, pools, locations } = configuration;
  const passwords = ({ name }: { name: string }): boolean => name !== 'password';
  const of = (element: XmlElement): string => meaning(document, element, passwords);
  return {
    ...site,
    id: undefined,
    line: undefined,
    pools: poolNames(site)
      .filter((name) => nameKey(name) !== 'defaultapppool')
      .map((name) => {
        const pool = pools.get(nameKey(name));
        return pool && of(pool);
      }),
    locations: locations.get(nameKey(site.name))?.map(of),
  };
}

describe('real configuration files', () => {
  it('are the same bytes when nothing is to be changed', () => {
    for (const { name, bytes } of corpus) {
      const configuration = open(bytes);
      const backups = exportAll(configuration);
      const text = planRestore(configuration, backups).text(backups.map((one) => one.name));
      assert.ok(Buffer.from(text).equals(bytes), name);
    }
  });

  for (const from of corpus)
    for (const to of corpus.filter((other) => other !== from))
      it(`take the sites of ${from.name.split('.')[0]} into ${to.name.split('.')[0]}: equal there, all else untouched, nothing to do again`, () => {
        const source = open(from.bytes);
        const target = open(to.bytes);
        const backups = exportAll(source);
        const plan = planRestore(target, backups);
        const accepted = backups.filter((_, index) => !plan.sites[index]?.refused);
        const names = accepted.map(({ name }) => name);
        for (const { refused, findings } of plan.sites.filter((site) => site.refused))
          assert.match(
            findings.find(({ severity }) => severity === 'error')?.id ?? '',
            /^(PoolShared|SectionUndeclared|BindingConflict)$/,
            String(refused),
          );
        const result = open(Buffer.from(plan.text(names)));

        for (const name of names) {
          const [there, here] = [source, result].map((one) => {
            const site = listSites(one).find((other) => other.name === name);
            assert.ok(site);
            return behaviour(one, site);
          });
          assert.deepEqual(here, there);
        }
        const changedPools = plan.sites.flatMap(({ changes }) =>
          changes.filter(({ element }) => element === 'applicationPool').map(({ name }) => name),
        );
        assert.equal(remainder(result, accepted, changedPools), remainder(target, accepted, changedPools));

        const again = planRestore(result, accepted);
        assert.deepEqual(
          again.sites.flatMap(({ changes }) => changes),
          [],
        );
        const sites = listSites(result);
        assert.equal(new Set(sites.map(({ id }) => id)).size, sites.length);
        for (const name of names) {
          const exported = exportSite(result, name, exportOptions);
          assert.deepEqual(planRestore(result, [exported]).sites[0]?.changes, []);
        }
      });
});
