import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { conditionOf } from '../../src/report/data.ts';
import { escapeText, scriptJson } from '../../src/report/html.ts';
import { renderMain, renderPage } from '../../src/report/page.ts';
import { result } from '../../src/readiness/index.ts';
import { ago, isoTime } from '../../src/report/times.ts';
import { down, fleet, noAssets, now, pageAssets, site, up } from './samples.ts';

/** Its elements as `name attribute,attribute`, and its text: fails where it is not well-formed. */
function parse(markup: string): { elements: string[]; text: string } {
  const elements: string[] = [];
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => elements.push(`${name} ${Object.keys(attributes).join()}`));
  parser.on('text', (part) => (text += part));
  // Boolean attributes are the only thing in it that XML does not know.
  parser
    .write(markup.replace(/ (hidden|open)(?=[ >\n])/g, ' $1=""').replace(/<input([^>]*[^/])>/g, '<input$1/>'))
    .close();
  return { elements, text };
}

describe('the page of a report', () => {
  it('never takes text of others for markup', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '</script><script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onfocus='alert(1)",
        '<!--',
        ']]>',
        '&lt;b&gt;',
        '\u202eevil',
        '\ud800',
      ),
    );
    const data = (text: string) => ({
      ...fleet(2),
      sites: [site(text, { hostNames: [text, 'x'], addresses: [text], primary: { ...down, error: text } })],
      events: [{ time: now, site: text, command: text, event: text, message: text }],
      readiness: [result('Standby', text, 'Failed', text, text)],
      latency: { times: [1], sites: [{ site: text, primary: [1], failover: [null] }] },
      servers: { primary: [text], failover: [text] },
      warnings: [text],
    });
    const plain = parse(renderMain(data('plain')).text).elements;
    fc.assert(
      fc.property(hostile, (text) => {
        fc.pre(text !== '' && text !== 'x');
        const parsed = parse(renderMain(data(text)).text);
        assert.deepEqual(parsed.elements, plain);
        assert.ok(parsed.text.includes(JSON.parse(JSON.stringify(escaped(text))) as string));
      }),
      { numRuns: 150 },
    );
  });

  /** What a parser makes of escaped text. */
  function escaped(text: string): string {
    return escapeText(text)
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, '&')
      .replace(/\r\n?/g, '\n');
  }

  it('holds JSON that no text in it can end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = scriptJson([text, '</script>', '<!--']).text;
        assert.doesNotMatch(json, /[<>&\u2028\u2029]/);
        assert.deepEqual(JSON.parse(json), [text, '</script>', '<!--']);
      }),
    );
  });

  it('allows its own script and style by their hashes, and nothing from elsewhere', async () => {
    const assets = await pageAssets();
    const page = renderPage(fleet(3), assets);
    const [policy] = /default-src[^"]*/.exec(page) ?? [''];
    for (const [tag, directive] of [
      ['script', 'script-src'],
      ['style', 'style-src'],
    ]) {
      const [, content = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) ?? [];
      const hash = createHash('sha256').update(content).digest('base64');
      assert.ok(policy.replaceAll('&#39;', "'").includes(`${directive} 'sha256-${hash}'`));
    }
    assert.match(policy, /^default-src &#39;none&#39;/);
    assert.doesNotMatch(policy, /connect-src|unsafe/);
    assert.doesNotMatch(page.replace(assets.script, ''), /https?:\/\/| style="| on\w+="/);
  });

  it('says the state in words, the worst first', () => {
    const of = (facts: Parameters<typeof site>[1]) => conditionOf(site('a', facts)).words;
    assert.equal(of({}), 'On the primary');
    assert.equal(of({ primary: down, failover: down }), 'Down on both servers');
    assert.equal(of({ primary: down }), 'Down on the primary');
    assert.equal(of({ target: 'failover', failover: down }), 'Down on the failover server');
    assert.equal(of({ target: 'failover', primary: down }), 'Failed over');
    assert.equal(of({ target: 'unknown', primary: down }), 'Records unknown');
    assert.equal(of({ target: 'unknown', partial: { missing: 'zones' }, primary: down }), 'Partly switched');
    const lagging = { missing: 'nameServers', servers: ['10.1.1.3'] } as const;
    assert.equal(of({ target: 'failover', partial: lagging, primary: down }), 'Not on all name servers');
    assert.equal(of({ target: 'primary', partial: lagging, primary: down }), 'Down on the primary');
    assert.equal(of({ failover: down }), 'No standby');
    assert.equal(of({ failover: { ...up, state: 'degraded' } }), 'Degraded');
    assert.equal(of({ primary: { ...up, state: 'unknown' } }), 'Not probed');
  });

  it('has the sites that need somebody first, and says which name servers a switch has not reached', () => {
    const lagging = { missing: 'nameServers', servers: ['10.1.1.3 port 53'] } as const;
    const sites = [site('fine'), site('lags', { partial: lagging }), site('down', { primary: down })];
    const page = renderMain({ ...fleet(1), sites }).text;
    const rows = [...page.matchAll(/data-site="(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(rows, ['down', 'lags', 'fine']);
    assert.match(page, /Not on all name servers[^]*missing on 10\.1\.1\.3 port 53/);
  });

  it('shows times in UTC with their age, whatever the culture', () => {
    assert.equal(isoTime(new Date('2026-03-01T12:00:00.987Z')), '2026-03-01 12:00:00Z');
    assert.equal(ago(new Date(now.getTime() - 59_999), now), '59 s ago');
    assert.equal(ago(new Date(now.getTime() - 3_600_000), now), '1 h ago');
    assert.equal(ago(new Date(now.getTime() + 172_800_000), now), 'in 2 d');
    assert.equal(ago(now, now), 'now');
  });

  it('groups the checks with what to do, and says so where none were made', () => {
    const { text } = parse(renderMain(fleet(10)).text);
    assert.match(text, /The failover server serves the sites\s+✕ 1 failed\s+✓ 9 passed/);
    assert.match(text, /Start its pool\./);
    const without = renderPage({ ...fleet(1), readiness: undefined }, noAssets);
    assert.match(without, /The checks were not made/);
  });
});
