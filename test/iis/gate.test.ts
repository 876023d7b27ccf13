import assert from 'node:assert/strict';
import { parseConfiguration } from '../../src/iis/index.ts';
import { failure, parse, serverText, siteXml } from './samples.ts';

const good = serverText({ sites: siteXml('site1.com', 1) });

describe('what is refused as a configuration', () => {
  const refused = (text: string | Buffer, ...expected: Parameters<typeof failure>): void => {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    assert.throws(() => parseConfiguration(bytes, 'a.config'), failure(...expected));
  };

  it('is XML that is not well-formed, by line and column', () => {
    refused(
      good.replace('</site>', '</sites>'),
      'ConfigurationMalformed',
      /^a\.config is not usable at line 21, column 20: unexpected close tag/,
    );
    for (const text of [
      '',
      '<configuration>',
      good.slice(0, -20),
      `${good}<more/>`,
      good.replace('id="1"', 'id="1" id="1"'),
      good.replace('id="1"', 'id=1'),
      good.replace('site1.com', 'a<b'),
      good.replace('site1.com', '&unknown;'),
      good.replace('site1.com', '&#0;'),
      good.replace('<sites>', '<sites><!-- a -- b -->'),
    ])
      refused(text, 'ConfigurationMalformed', /^a\.config is not usable at line \d+, column \d+: /);
  });

  it('is a document type, even an empty one', () => {
    const text = good.replace(
      '<configuration>',
      '<!DOCTYPE configuration [<!ENTITY x "y">]>\n<configuration>',
    );
    refused(text, 'ConfigurationMalformed', /line 2, .*DOCTYPE/);
  });

  it('is any encoding but UTF-8', () => {
    const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
    refused(utf16(`\uFEFF${good}`), 'ConfigurationEncoding', 'a.config is in UTF-16; only UTF-8 is read');
    refused(utf16(good), 'ConfigurationEncoding', /UTF-16/);
    refused(utf16(good).swap16(), 'ConfigurationEncoding', /UTF-16/);
    refused(
      Buffer.from(good.replace('site1', 'caf\u00e9'), 'latin1'),
      'ConfigurationEncoding',
      /not in UTF-8 at line 14/,
    );
    refused(
      good.replace('UTF-8', 'windows-1252'),
      'ConfigurationEncoding',
      /declares the encoding windows-1252/,
    );
  });

  it('is a file without the sections of IIS', () => {
    refused('<web/>', 'ConfigurationIncomplete', /its root element is <web>/);
    refused('<configuration/>', 'ConfigurationIncomplete', /has no <system\.applicationHost>/);
    refused(
      good.replace('<sites>', '<sites configSource="sites.config">'),
      'ConfigurationIncomplete',
      /configSource/,
    );
    refused(
      good.replace('<sites>', '<sites/><sites>'),
      'ConfigurationIncomplete',
      /second <sites> element at line 13/,
    );
  });

  it('is nesting that no configuration has', () => {
    const deep = '<a>'.repeat(100_000) + '</a>'.repeat(100_000);
    refused(good.replace('</sites>', `</sites>${deep}`), 'ConfigurationMalformed', /nest 100002 deep/);
  });

  it('is two sites with one name or id, naming both lines', () => {
    const twins = serverText({ sites: siteXml('site1.com', 1) + siteXml('SITE1.com', 2) });
    refused(twins, 'SiteDuplicate', 'a.config has two sites named SITE1.com, at lines 14 and 22');
    const ids = serverText({ sites: siteXml('a', 7) + siteXml('b', 7) });
    refused(ids, 'SiteDuplicate', 'a.config has two sites with the id 7, at lines 14 and 22');
  });

  it('is a site without a name or a number', () => {
    refused(good.replace('id="1"', 'id="one"'), 'SiteInvalid', /at line 14/);
    refused(good.replace('id="1"', ''), 'SiteInvalid', /at line 14/);
    refused(good.replace('name="site1.com"', 'name=""'), 'SiteInvalid', /at line 14/);
    refused(good.replace('id="1"', 'id="4294967296"'), 'SiteInvalid', /at line 14/);
  });
});

describe('what is accepted as a configuration', () => {
  it('is UTF-8 with and without a byte order mark, with any letters', () => {
    for (const text of [good, `\uFEFF${good}`, good.replace('site1', 'caf\u00e9 \u{1F600}')])
      assert.equal(parse(text).document.text, text);
  });

  it('is sections that are empty or missing', () => {
    for (const inside of ['', '<sites/>', '<sites></sites><applicationPools/>', '<!-- nothing yet -->'])
      assert.equal(
        parse(`<configuration><system.applicationHost>${inside}</system.applicationHost></configuration>`)
          .sites.size,
        0,
      );
    assert.equal(parse('<configuration><system.applicationHost/></configuration>').sites.size, 0);
  });
});
