import assert from 'node:assert/strict';
import { parseBackup, formatBackup } from '../../../src/iis/backup-file.ts';
import { exportSite, parseConfiguration, planRestore } from '../../../src/iis/index.ts';
import { exportOptions, failure, parse, serverText, siteXml } from '../samples.ts';
import { hostile } from './mutate.ts';
import { remainder } from './remainder.ts';

const nested = (levels: number): string => '<a>'.repeat(levels) + '</a>'.repeat(levels);
const withinSite = (xml: string): string => siteXml('site1.com', 1).replace('</site>', `${xml}</site>`);

describe('configuration files beyond measure', () => {
  for (const [where, text] of [
    ['in a site', serverText({ sites: withinSite(nested(100_000)) })],
    ['in a location', serverText({ locations: `<location path="site1.com">${nested(100_000)}</location>` })],
    ['elsewhere', serverText({}).replace('</configuration>', `${nested(100_000)}</configuration>`)],
  ] as const)
    it(`are refused with 100,000 levels ${where}`, () => {
      assert.throws(() => parse(text), failure('ConfigurationMalformed', /nest 10\d{4} deep/));
    });

  it('keep an attribute of two million characters through backup and restore', async () => {
    const value = 'x&amp;'.repeat(333_334);
    const source = parse(serverText({ sites: withinSite(`<limits note="${value}" />`) }));
    const backup = await parseBackup(
      Buffer.from(await formatBackup(exportSite(source, 'site1.com', exportOptions))),
      'backup.xml',
    );
    const text = planRestore(parse(serverText({})), [backup]).text(['site1.com']);
    assert.ok(text.includes(`note="${value}"`));
  });

  it('keep an element of 20,000 attributes', () => {
    const attributes = Array.from({ length: 20_000 }, (_, index) => `a${index}="${index}"`).join(' ');
    const source = parse(serverText({ sites: withinSite(`<limits ${attributes} />`) }));
    const backup = exportSite(source, 'site1.com', exportOptions);
    assert.ok(
      planRestore(parse(serverText({})), [backup])
        .text(['site1.com'])
        .includes(attributes),
    );
  });

  for (const name of hostile.filter((one) => one.length < 100))
    it(`carry a site named ${JSON.stringify(name)} or refuse it, and touch nothing else`, () => {
      const other = siteXml('other.com', 2, { binding: '*:8080:' });
      const target = parse(serverText({ sites: other }));
      const quoted = name.replaceAll('"', '&quot;');
      let text: string;
      let sites: string[];
      try {
        const source = parse(serverText({ sites: siteXml(quoted, 1) }));
        sites = [...source.sites.values()].map((site) => site.name);
        const plan = planRestore(
          target,
          sites.map((site) => exportSite(source, site, exportOptions)),
        );
        text = plan.text(plan.sites.filter(({ refused }) => !refused).map((site) => site.name));
      } catch (error) {
        assert.match((error as { id: string }).id, /^(SiteInvalid|SiteNameInvalid|ConfigurationMalformed)$/);
        return;
      }
      const result = parseConfiguration(Buffer.from(text), 'result.config');
      assert.ok(result.sites.has('other.com'));
      const owned = { sites, pools: [] };
      assert.equal(remainder(text, owned), remainder(target.document.text, owned));
    });
});
