import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { runModule } from '../support/module.ts';

describe('Test-FailoverSwitch', function () {
  this.timeout(60_000);
  let lab: Lab;

  before(async () => (lab = await startLab()));
  after(() => lab?.stop());
  const drill = (parameters = '') =>
    runModule(`Test-FailoverSwitch ${parameters} -SettingsPath failover.json`, { cwd: lab.folder });
  const records = () => lab.dns.zone('site1.com').filter(({ type }) => type !== 'SOA');

  it('exercises zone and standby of a site, measures, logs, and leaves the records as they were', async () => {
    const before = records();
    const { objects, stderr } = await drill('site1.com');
    assert.equal(stderr, '');
    assert.deepEqual(
      objects.map(({ Name, Step }) => `${Name} ${Step}`),
      ['Create', 'Guard', 'Switch', 'Remove', 'Standby'].map((step) => `site1.com ${step}`),
    );
    assert.deepEqual(
      objects.slice(0, 4).map(({ Succeeded }) => Succeeded),
      ['True', 'True', 'True', 'True'],
    );
    for (const { Duration } of objects) assert.match(Duration!, /^\d\d:\d\d:\d\d(\.\d+)?$/);
    assert.deepEqual(records(), before);
    const log = await readFile(join(lab.folder, 'state', 'sitemonitor.log'), 'utf8');
    assert.equal(log.match(/"event":"drill"/g)?.length, 5);
  });

  it('says under -WhatIf what it would exercise', async () => {
    const { stdout } = await drill('site1.com -WhatIf');
    assert.match(
      stdout,
      /What if: .*"Create, change and remove the scratch record failover-drill\.site1\.com" on target "site1\.com"/,
    );
  });
});
