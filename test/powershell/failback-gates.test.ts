import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { runModule } from '../support/module.ts';

/** The way back to the primary, on the demo's servers, which one machine sees all. */
describe('an automatic failback', function () {
  this.timeout(120_000);
  let lab: Lab;
  let settings: Settings;
  const cmdlet = async (command: string): Promise<Record<string, string>[]> => {
    const { objects, stderr } = await runModule(`${command} -SettingsPath failover.json`, {
      cwd: lab.folder,
    });
    assert.equal(stderr, '');
    return objects;
  };
  const round = async (): Promise<Record<string, string>> => {
    const [event] = await cmdlet('Invoke-FailoverMonitor site1.com');
    return event!;
  };
  const words = ({ Action, Reason }: Record<string, string>): string => `${Action} ${Reason}`;
  const configure = (failbackGate?: NonNullable<Settings['monitor']>['failbackGate']): Promise<void> => {
    const monitor = { flapping: { failovers: 100 }, ...(failbackGate && { failbackGate }) };
    return writeFile(join(lab.folder, 'failover.json'), JSON.stringify({ ...settings, monitor }));
  };

  before(async () => {
    lab = await startLab();
    settings = JSON.parse(await readFile(join(lab.folder, 'failover.json'), 'utf8')) as Settings;
    await configure();
    await cmdlet(`Backup-FailoverSite -ConfigurationFile '${lab.primary.configurationFile}'`);
    await cmdlet('Restore-FailoverSite');
    await cmdlet('Copy-FailoverContent');
  });
  after(() => lab?.stop());
  beforeEach(async () => {
    await lab.killPrimary();
    assert.equal(words(await round()), 'Failover PrimaryDown');
    await lab.startPrimary();
  });
  const returns = async (): Promise<void> => assert.equal(words(await round()), 'Failback PrimaryReturned');
  const upload = (): string => join(lab.failover.disk, 'C', 'inetpub', 'hostedsites', 'site1', 'upload.txt');

  it('waits for what visitors wrote on the failover server, until it was brought back', async () => {
    await writeFile(upload(), 'from a visitor');
    const event = await round();
    assert.equal(words(event), 'None FailbackGated');
    assert.match(
      event.Message!,
      /1 change in .* \(upload\.txt\) is not on the primary server yet: run Copy-FailoverContent site1\.com -Reverse/,
    );
    await cmdlet('Copy-FailoverContent site1.com -Reverse');
    await returns();
  });

  it('waits for nothing where the settings say so', async () => {
    await writeFile(upload(), 'from another visitor');
    await configure({ content: 'ignore' });
    await returns();
    await configure();
    await cmdlet('Copy-FailoverContent site1.com -Reverse');
  });

  it('waits where it cannot tell only if the settings say so', async () => {
    await rm(join(lab.folder, 'state', 'sync'), { recursive: true });
    await configure({ content: 'require' });
    const event = await round();
    assert.equal(words(event), 'None FailbackGated');
    assert.match(event.Message!, /not known whether the content is in step: this machine has not copied/);
    await configure();
    await returns();
    await cmdlet('Copy-FailoverContent');
  });

  it('waits while the configuration has drifted, where the settings ask for it', async () => {
    const file = lab.failover.configurationFile;
    const restored = await readFile(file, 'utf8');
    await configure({ configuration: 'require' });
    await writeFile(file, restored.replace(/(<site name="site1\.com")/, '$1 serverAutoStart="false"'));
    const event = await round();
    assert.equal(words(event), 'None FailbackGated');
    assert.match(event.Message!, /1 setting of the site \(.*serverAutoStart\) differ/);
    await writeFile(file, restored);
    await returns();
  });
});
