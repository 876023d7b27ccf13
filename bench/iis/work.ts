import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PasswordBoxes } from '../../src/edge/secret-box.ts';
import {
  applyRestore,
  exportSite,
  openConfiguration,
  planRestore,
  readListedBackup,
  readSiteList,
  siteListName,
  writeBackups,
} from '../../src/iis/index.ts';
import { Secret } from '../../src/model/secret.ts';

// One measured run in a process of its own: `work.ts export-one|export-all|import-one FILE BACKUPS`. Prints the
// milliseconds and the peak of its memory in bytes, both without the loading of the program itself.

const [what, file = '', folder = ''] = process.argv.slice(2);
const started = performance.now();
void (what === 'import-one' ? importOne() : backUp(what === 'export-all')).then(() =>
  console.log(`${performance.now() - started} ${process.resourceUsage().maxRSS * 1024}`),
);

async function backUp(all: boolean): Promise<void> {
  const configuration = await openConfiguration(file);
  const names = all ? [...configuration.sites.values()].map(({ name }) => name) : ['site5000.example'];
  const taken = { source: 'primary', created: new Date() };
  const exports = function* () {
    for (const name of names) yield exportSite(configuration, name, taken);
  };
  const box = await new PasswordBoxes(new Secret('correct horse battery staple')).fresh();
  await mkdir(folder, { recursive: true });
  const results = await writeBackups(folder, exports(), { box, keep: () => true });
  if (results.some((result) => 'error' in result)) throw new Error('a site could not be backed up');
}

/** The backup has another pool, address and page than the file: a site, a pool and a location block change. */
async function importOne(): Promise<void> {
  const passwords = new PasswordBoxes(new Secret('correct horse battery staple'));
  const entries = await readSiteList(join(folder, siteListName));
  const { backup } = await readListedBackup(folder, entries[0]!, passwords);
  const configuration = await openConfiguration(file);
  const plan = planRestore(configuration, [backup], {
    pathMap: new Map([['D:\\hosted', 'E:\\hosted']]),
    addressMap: new Map([['10.1.1.1', '10.1.1.2']]),
  });
  const history = { stateFolder: join(folder, 'state'), keep: 20 };
  const entry = await applyRestore(configuration, plan, [backup.name], history, new Date());
  if (entry === undefined) throw new Error('nothing was restored');
}
