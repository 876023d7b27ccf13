import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { moduleErrors, runModule } from '../support/module.ts';

describe('Export-FailoverReport', function () {
  this.timeout(60_000);
  let lab: Lab;
  const settings = '-SettingsPath failover.json';
  const run = async (command: string) => {
    const { objects, stdout, stderr } = await runModule(command, { cwd: lab.folder });
    assert.equal(stderr, '');
    return { objects, stdout };
  };

  before(async () => {
    lab = await startLab();
    await run(`Invoke-FailoverMonitor ${settings}`);
  });
  after(() => lab?.stop());

  it('writes nothing under -WhatIf, and says what it would write', async () => {
    const { stdout, objects } = await run(`Export-FailoverReport whatif.html ${settings} -WhatIf`);
    assert.match(stdout, /Write a report.*whatif\.html/);
    assert.deepEqual(objects, []);
    assert.ok(!(await readdir(lab.folder)).includes('whatif.html'));
  });

  it('writes the sites, the latencies that the monitor measured, and the checks', async () => {
    const { objects } = await run(`Export-FailoverReport report.html ${settings}`);
    const path = join(lab.folder, 'report.html');
    const page = await readFile(path, 'utf8');
    assert.equal(objects[0]?.Path, path);
    assert.equal(objects[0].Length, String(Buffer.byteLength(page)));
    assert.equal(objects[0].SiteCount, String(page.match(/<tr\s+data-target/g)?.length));
    assert.match(page, /data-target="primary"[^]*?<bdi>site1\.com<\/bdi>/);
    const [, json = ''] = /id="latency-data">\s*(\{.*\})/.exec(page) ?? [];
    const { sites } = JSON.parse(json) as { sites: { site: string; primary: (number | null)[] }[] };
    const measured = sites.find((one) => one.site === 'site1.com')?.primary.at(-1);
    assert.ok(typeof measured === 'number' && measured >= 0);
    assert.match(page, /The failover server serves the sites/);
  });

  it('keeps a file that exists unless told otherwise', async () => {
    const path = join(lab.folder, 'mine.html');
    await writeFile(path, 'mine');
    const [error] = await moduleErrors(`Export-FailoverReport mine.html ${settings}`, { cwd: lab.folder });
    assert.equal(error?.id, 'ReportExists');
    assert.equal(await readFile(path, 'utf8'), 'mine');
    await run(`Export-FailoverReport mine.html ${settings} -NoReadiness -Name site1.com -Force`);
    const page = await readFile(path, 'utf8');
    assert.match(page, /The checks were not made/);
    assert.equal(page.match(/<tr\s+data-target/g)?.length, 1);
  });

  it('refuses a time that is still to come', async () => {
    const command = `Export-FailoverReport later.html ${settings} -Since ([datetime]::Now.AddDays(1))`;
    const [error] = await moduleErrors(command, { cwd: lab.folder });
    assert.equal(error?.id, 'ParameterInvalid');
  });
});
