/**
 * Run by the kill tests in a process of its own: changes a configuration file again and again until it is killed, or
 * so many times. `restore`: the sites of two primaries by turns. `undo`: the undo of its last change.
 */
import { applyUndo, currentHistory, type History, planUndos } from '../../src/history/index.ts';
import {
  applyRestore,
  exportSite,
  listSites,
  openConfiguration,
  planRestore,
  revertConfiguration,
} from '../../src/iis/index.ts';
import { FailoverError } from '../../src/model/failover-error.ts';

const [action, target = '', stateFolder = '', primaries = '', times = 'Infinity'] = process.argv.slice(2);
const history: History = { stateFolder, keep: 4 };
const sides = await Promise.all(
  primaries.split(',').map(async (path) => {
    const primary = await openConfiguration(path);
    const options = { source: 'PRIMARY', created: new Date('2026-01-02T03:04:05Z') };
    return listSites(primary).map(({ name }) => exportSite(primary, name, options));
  }),
);
process.stdout.write('ready\n');
for (let turn = 0; turn < Number(times);) {
  try {
    await (action === 'restore' ? restore() : undo());
    turn++;
  } catch (error) {
    if (!(error instanceof FailoverError && error.id === 'FileChangedMeanwhile')) throw error;
  }
}

/** The first of the sides that the file does not have. */
async function restore(): Promise<void> {
  const configuration = await openConfiguration(target);
  for (const backups of sides) {
    const names = backups.map(({ name }) => name);
    const plan = planRestore(configuration, backups);
    if ((await applyRestore(configuration, plan, names, history, new Date())) !== undefined) return;
  }
}

async function undo(): Promise<void> {
  const { entries } = await currentHistory(stateFolder);
  const [plan] = await planUndos(stateFolder, entries.slice(-1), { applicationHost: revertConfiguration });
  await applyUndo(history, plan!, new Date());
}
