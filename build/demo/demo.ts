/**
 * The whitepaper's scenario on loopback, from backup to failback, with the real module in the PowerShell engine.
 * npm run demo [-- --json]
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listSites, openConfiguration } from '../../src/iis/index.ts';
import { failoverSites } from '../lab/whitepaper.ts';
import { failoverAddress, type Lab, primaryAddress, startLab } from './lab.ts';
import { Narrator } from './narrator.ts';
import { runCmdlet } from './powershell.ts';
import { resolve, visit, type Visit } from './visitor.ts';

const json = process.argv.includes('--json');
const narrator = new Narrator(json);
const settings = '-SettingsPath .\\failover.json';

async function scenario(lab: Lab): Promise<Record<string, unknown>> {
  const run = (command: string): Promise<string> => runCmdlet(command, lab.folder, narrator);
  const look = async (): Promise<Visit[]> => {
    const visits = await Promise.all(failoverSites.map((site) => visit(`www.${site}`, lab.port, lab.dns)));
    visits.forEach(({ address, page }, i) =>
      narrator.say(`visitor: www.${failoverSites[i]} is ${address}: ${page}`),
    );
    return visits;
  };
  const servedFrom = (visits: readonly Visit[], address: string): boolean =>
    visits.every((one, index) => one.address === address && one.page === `200 This is site${index + 1}`);

  narrator.step('A primary and a failover web server, a DNS server and a monitor, all on this machine.');
  narrator.say(
    `primary ${primaryAddress}, failover ${failoverAddress}, DNS ${lab.dns.address}:${lab.dns.port}`,
  );
  await look();

  narrator.step('On the primary: back up the sites of Sitelist.txt.');
  await run(`Backup-FailoverSite ${settings} -ConfigurationFile .\\primary\\applicationHost.config`);

  narrator.step('On the failover server: restore them into its IIS configuration, and copy their content.');
  await run(`Restore-FailoverSite ${settings}`);
  await run(`Copy-FailoverContent ${settings}`);

  narrator.step('Would the failover server serve them? Ask both servers, whatever DNS says.');
  await run(`Test-FailoverSite ${settings}`);

  narrator.step('The primary dies. Visitors see it.');
  await lab.killPrimary();
  const killed = performance.now();
  await look();

  narrator.step('The monitor runs its round.');
  const switched = untilResolved(lab, failoverAddress, killed);
  await run(`Invoke-FailoverMonitor ${settings}`);
  const during = await look();
  const switchMs = await switched;
  await run(`Get-FailoverSite ${settings}`);

  narrator.step('The primary comes back, and the monitor runs its next round.');
  await lab.startPrimary();
  await run(`Invoke-FailoverMonitor ${settings}`);
  const after = await look();

  const backups = await readdir(join(lab.folder, 'backup'));
  const restored = listSites(await openConfiguration(lab.failover.configurationFile)).map(
    (site) => site.name,
  );
  return {
    sites: backups.filter((name) => name.endsWith('.xml')).length,
    restored: failoverSites.filter((site) => restored.includes(site)).length,
    failedOver: during.every((one) => one.address === failoverAddress),
    servedByFailover: servedFrom(during, failoverAddress),
    failedBack: servedFrom(after, primaryAddress),
    switchMs,
  };
}

/** Milliseconds from the kill until DNS answers the address for every site; undefined where it never does. */
async function untilResolved(lab: Lab, address: string, killed: number): Promise<number | undefined> {
  for (let waited = 0; waited < 3000; waited++) {
    const answers = await Promise.all(
      failoverSites.map((site) => resolve(site, lab.dns).catch(() => 'none')),
    );
    if (answers.every((answer) => answer === address)) return Math.round(performance.now() - killed);
    await sleep(10);
  }
  return undefined;
}

const lab = await startLab();
try {
  const result = await scenario(lab);
  const passed =
    result.sites === 2 &&
    result.restored === 2 &&
    result.failedOver &&
    result.servedByFailover &&
    result.failedBack;
  narrator.step(passed ? 'Done.' : 'Something did not work; see above.');
  narrator.say(`from the death of the primary to the new DNS answer: ${String(result.switchMs)} ms`);
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = passed ? 0 : 1;
} finally {
  await lab.stop();
}
