import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blocksOf } from '../../docs/blocks.ts';
import { GuideLab } from '../../docs/guide-lab.ts';

describe('the recipes', function () {
  this.timeout(180_000);
  let lab: GuideLab;

  before(async () => (lab = await GuideLab.start()));
  after(() => lab?.stop());

  it('of the nightly drill mails the report, by a real SMTP server', async () => {
    const { code, stderr } = await lab.run(await recipe('Test-FailoverSwitch'));
    assert.deepEqual([stderr, code], ['', 0]);
    const [mail = assert.fail(), ...more] = lab.mails;
    assert.equal(more.length, 0);
    assert.match(mail, /^To: web@example\.com\r?$/m);
    assert.match(mail, /^Subject: Failover drill: 0 steps failed\r?$/m);
    assert.match(mail, /^Every step succeeded\.\r?$/m);
    assert.equal(attached(mail, 'drill.html'), await readFile(join(lab.folder, 'drill.html'), 'utf8'));
  });

  it('of the nightly drill name what failed, and end with exit code 1', async () => {
    const page = join(lab.folder, 'failover/disk/C/inetpub/hostedsites/site1/default.htm');
    const text = await readFile(page);
    await rm(page);
    const { code } = await lab.run(await recipe('Test-FailoverSwitch'));
    await writeFile(page, text);
    assert.equal(code, 1);
    const mail = lab.mails.at(-1) ?? assert.fail();
    assert.match(mail, /^Subject: Failover drill: [1-9] steps? failed\r?$/m);
    assert.match(mail, /site1\.com/);
  });

  it('of a CI step end with exit code 0 without drift, and with 1 and what differs after a change', async () => {
    const script = await recipe('Compare-FailoverSite -Quiet');
    const before = await lab.run(script);
    assert.deepEqual([before.stderr, before.code], ['', 0]);
    const file = join(lab.folder, 'failover/applicationHost.config');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace(/(<location path="site1.com">[\s\S]*?directoryBrowse enabled=)"false"/, '$1"true"'),
    );
    const after = await lab.run(script);
    assert.deepEqual([after.stderr, after.code], ['', 1]);
    assert.match(after.stdout, /directoryBrowse/);
  });
});

/** The block of recipes.md that calls something. */
async function recipe(call: string): Promise<string> {
  const found = (await blocksOf('docs/recipes.md')).filter(({ code }) => code.includes(call));
  assert.equal(found.length, 1);
  return found[0]!.code;
}

/** The text of an attachment in base64. */
function attached(mail: string, name: string): string {
  const part = mail
    .split(/^--.*$/m)
    .find((one) => one.includes('Content-Transfer-Encoding: base64') && one.includes(name));
  assert.ok(part, `${name} is attached`);
  return Buffer.from(part.slice(part.search(/\r?\n\r?\n/)), 'base64').toString('utf8');
}
