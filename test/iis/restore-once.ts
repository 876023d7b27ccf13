/**
 * Run by the fault tests in a process of its own: restores the sites of one configuration file into another, or backs
 * them up into a folder, and prints what came of it as JSON.
 */
import { basename } from 'node:path';
import {
  applyRestore,
  exportSite,
  listSites,
  openConfiguration,
  planRestore,
  writeBackups,
} from '../../src/iis/index.ts';
import { FailoverError } from '../../src/model/failover-error.ts';

const [action, source = '', target = '', created = '2026-01-01T00:00:00Z'] = process.argv.slice(2);
try {
  const primary = await openConfiguration(source);
  const options = { source: basename(source), created: new Date(created) };
  const backups = listSites(primary).map(({ name }) => exportSite(primary, name, options));
  const names = backups.map(({ name }) => name);
  if (action === 'restore') {
    const standby = await openConfiguration(target);
    const history = { stateFolder: `${source}.state`, keep: 20 };
    const entry = await applyRestore(standby, planRestore(standby, backups), names, history, new Date());
    console.log(JSON.stringify({ changed: entry !== undefined }));
  } else {
    const results = await writeBackups(target, backups, { keep: () => false });
    console.log(JSON.stringify({ errors: results.flatMap((one) => ('error' in one ? [one.error.id] : [])) }));
  }
} catch (error) {
  if (!(error instanceof FailoverError)) throw error;
  console.log(JSON.stringify({ id: error.id, message: error.message }));
}
