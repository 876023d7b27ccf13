import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RecordedChange } from '../../src/history/index.ts';
import { planRestore, revertConfiguration, type SiteBackup } from '../../src/iis/index.ts';
import { backups, site1 } from './restoring.ts';
import { corpus, exportAll, failure, parse, serverText, siteXml } from './samples.ts';

/** A restore of these backups: the text after it, and its changes as the history has them. */
function restore(before: string, of: readonly SiteBackup[]): { after: string; changes: RecordedChange[] } {
  const plan = planRestore(parse(before), of);
  const changes = plan.sites.flatMap((site) =>
    site.changes.map((change) => ({
      site: site.name,
      ...change,
      owned: { before: false, after: change.action === 'add' },
    })),
  );
  return { after: plan.text(of.map(({ name }) => name)), changes };
}

/** The text after the undo of a restore in a file that is `current` now. */
function undo(
  before: string,
  of: readonly SiteBackup[],
  current: string | ((after: string) => string),
): string {
  const { after, changes } = restore(before, of);
  const now = typeof current === 'string' ? current : current(after);
  const reverted = revertConfiguration(
    { before: Buffer.from(before), after: Buffer.from(after), current: Buffer.from(now) },
    changes,
    'applicationHost.config',
  );
  return reverted.content.toString();
}

const own = siteXml('own.com', 7, { binding: '10.1.1.9:80:own.com' });
const standby = serverText({ sites: own });
const touchOwn = (text: string): string => text.replace('10.1.1.9:80:own.com', '10.1.1.9:8080:own.com');

describe('undo of a restore in a file that was changed since', () => {
  it('removes what the restore added and keeps every other character of the later change', () => {
    assert.equal(undo(standby, backups, touchOwn), touchOwn(standby));
  });

  it('puts back what the restore updated, as it was written', () => {
    const odd = siteXml('site1.com', 9)
      .replace('id="9"', "id = '9'")
      .replace('<bindings>', '<bindings ><!-- x -->');
    const before = serverText({ sites: own + odd });
    assert.equal(undo(before, [site1], touchOwn), touchOwn(before));
  });

  it('puts back location blocks that the restore removed, where they were', () => {
    const blocks = (path: string): string => `
    <location path="${path}">
        <system.webServer />
    </location>`;
    const locations =
      blocks('own.com') + blocks('site1.com/old') + blocks('site1.com/older') + blocks('z.com');
    const before = serverText({ sites: own + siteXml('site1.com', 1), locations });
    assert.equal(undo(before, [site1], touchOwn), touchOwn(before));
  });

  it('takes an element that was only formatted anew for unchanged', () => {
    const formatted = (text: string): string =>
      text.replace(/<site name="site1.com" id="(\d+)">/, '<site   id="$1" name="site1.com" >');
    assert.equal(undo(standby, [site1], formatted), standby);
  });

  it('leaves what was taken back by hand', () => {
    assert.equal(undo(standby, backups, touchOwn(standby)), touchOwn(standby));
  });

  it('writes the line ends of the file as it is now', () => {
    const crlf = (text: string): string => text.replace(/\n/g, '\r\n');
    const before = serverText({ sites: own + siteXml('site1.com', 9) });
    assert.equal(undo(before, [site1], crlf), crlf(before));
  });

  const conflict = (current: (after: string) => string, message: RegExp, before = standby): void =>
    assert.throws(() => undo(before, backups, current), failure('UndoConflict', message));

  it('is refused where a site of the restore was changed since, and names every conflict', () => {
    conflict(
      (after) =>
        after
          .replace('10.1.1.1:80:site2.com', '10.1.1.1:81:site2.com')
          .replace('<add name="pool1" autoStart="true" />', '<add name="pool1" />')
          .replace('<directoryBrowse enabled="true" />', '<directoryBrowse enabled="false" />'),
      /^applicationHost.config is left as it is: the application pool pool1 was changed since; the location site1.com was changed since; the site site2.com was changed since$/,
    );
  });

  it('is refused where another site runs in a pool that it would remove', () => {
    conflict(
      (after) => after.replace('<application path="/">', '<application path="/" applicationPool="POOL1">'),
      /the application pool pool1 is that of the site own.com by now$/,
    );
  });

  it('is refused where the id of a site that it would put back is taken by now', () => {
    const before = serverText({ sites: siteXml('site1.com', 1) });
    const current = serverText({ sites: siteXml('new.com', 1) });
    const changes: RecordedChange[] = [
      {
        site: 'site1.com',
        action: 'remove',
        element: 'site',
        name: 'site1.com',
        owned: { before: true, after: false },
      },
    ];
    const revisions = { before, after: serverText({}), current };
    const buffers = Object.fromEntries(
      Object.entries(revisions).map(([key, text]) => [key, Buffer.from(text)]),
    );
    assert.throws(
      () => revertConfiguration(buffers as never, changes, 'a.config'),
      failure('UndoConflict', /has two sites with the id 1, at lines/),
    );
  });

  it('is refused where the section of a site that it would put back is gone', () => {
    const before = serverText({ sites: siteXml('site1.com', 1) });
    const current = serverText({}).replace(/<sites>[^]*<\/sites>/, '');
    const change: RecordedChange = {
      site: 'site1.com',
      action: 'remove',
      element: 'site',
      name: 'site1.com',
      owned: { before: true, after: false },
    };
    const revisions = {
      before: Buffer.from(before),
      after: Buffer.from(serverText({})),
      current: Buffer.from(current),
    };
    assert.throws(
      () => revertConfiguration(revisions, [change], 'a.config'),
      failure('UndoConflict', /the section that the site site1.com was in is gone$/),
    );
  });
});

describe('undo of a restore between real files', () => {
  const files = corpus.flatMap(({ name, bytes }) => {
    try {
      return [{ name, text: parse(bytes.toString()).document.text }];
    } catch {
      return [];
    }
  });
  const comment = (text: string): string =>
    text.replace(/<\/configuration>/, '<!-- later --></configuration>');

  it('gives the file before, with a later change of another part, in every pair drawn', () => {
    const file = fc.constantFrom(...files);
    fc.assert(
      fc.property(file, file, fc.nat(), (from, to, pick) => {
        const all = exportAll(parse(from.text));
        const one = all.length === 0 ? [] : [all[pick % all.length]!];
        assert.equal(undo(to.text, one, comment), comment(to.text), `${from.name} into ${to.name}`);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
