import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  applyRestore,
  listSites,
  openConfiguration,
  planRestore,
  readBackup,
  readListedBackup,
  readSiteList,
} from '../../src/iis/index.ts';
import { previousFile, readHistory } from '../../src/history/index.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder } from '../support/tree.ts';
import { backups } from './restoring.ts';
import { failure, serverText, siteXml } from './samples.ts';

const script = fileURLToPath(new URL('restore-once.ts', import.meta.url));
const node = [process.execPath, '--import', 'tsx', script] as const;

interface Outcome {
  readonly id?: string;
  readonly message?: string;
  readonly changed?: boolean;
  readonly errors?: readonly string[];
}

/** The last line that restore-once.ts printed. */
async function outcomeOf(command: string, args: readonly string[]): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(command, args);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Outcome;
}

/** Runs the script and kills it so many milliseconds after it took the lock of what it writes. */
async function killAfter(ms: number, locked: string, args: readonly string[]): Promise<void> {
  await rm(`${locked}.lock`, { recursive: true, force: true });
  const child = spawn(node[0], [...node.slice(1), ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const exit = once(child, 'exit');
  while (!existsSync(`${locked}.lock`) && child.exitCode === null) await sleep(1);
  await sleep(ms);
  child.kill('SIGKILL');
  await exit;
}

const manySites = (count: number, binding: string): string =>
  Array.from({ length: count }, (_, index) =>
    siteXml(`site${index}.com`, index + 1, { binding: `${binding}:80:site${index}.com` }),
  ).join('');

describe('restore into a file', () => {
  const folder = temporaryFolder();
  const target = (): string => join(folder.path, 'applicationHost.config');
  const before = serverText({ sites: siteXml('own.com', 7) });
  const history = () => ({ stateFolder: join(folder.path, 'state'), keep: 20 });
  const time = new Date('2026-01-02T03:04:05Z');

  it('replaces it and keeps what it was', async () => {
    await writeFile(target(), before);
    const configuration = await openConfiguration(target());
    const plan = planRestore(configuration, backups);
    const entry = await applyRestore(configuration, plan, ['site1.com', 'site2.com'], history(), time);
    assert.ok(entry?.settled);
    assert.equal(await readFile(previousFile(history().stateFolder, entry), 'utf8'), before);
    assert.deepEqual(
      listSites(await openConfiguration(target())).map(({ name }) => name),
      ['own.com', 'site1.com', 'site2.com'],
    );
    assert.deepEqual((await readdir(folder.path)).sort(), ['applicationHost.config', 'state']);
  });

  it('does not touch it where nothing is approved or nothing differs', async () => {
    await writeFile(target(), before);
    const configuration = await openConfiguration(target());
    const plan = planRestore(configuration, backups);
    assert.equal(await applyRestore(configuration, plan, [], history(), time), undefined);
    assert.deepEqual(await readdir(folder.path), ['applicationHost.config']);
  });

  it('is refused where another program changed it meanwhile', async () => {
    await writeFile(target(), before);
    const configuration = await openConfiguration(target());
    await writeFile(target(), `${before}\n`);
    await assert.rejects(
      applyRestore(configuration, planRestore(configuration, backups), ['site1.com'], history(), time),
      failure('FileChangedMeanwhile', /was changed by another program$/),
    );
    assert.equal(await readFile(target(), 'utf8'), `${before}\n`);
    assert.deepEqual(await readdir(folder.path), ['applicationHost.config']);
    assert.deepEqual(await readHistory(history().stateFolder), []);
  });

  it('removes what a killed run left beside it', async () => {
    await writeFile(target(), before);
    await writeFile(join(folder.path, '.applicationHost.config.0123456789ab.tmp'), 'half');
    const configuration = await openConfiguration(target());
    await applyRestore(configuration, planRestore(configuration, backups), ['site1.com'], history(), time);
    assert.deepEqual((await readdir(folder.path)).sort(), ['applicationHost.config', 'state']);
  });
});

describe('restore and backup that are killed', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it('leave the old or the new configuration, and the next run finishes', async () => {
    const source = join(folder.path, 'primary.config');
    const target = join(folder.path, 'standby.config');
    await writeFile(source, serverText({ sites: manySites(2000, '10.1.1.1') }));
    const old = serverText({ sites: manySites(2000, '10.1.1.9') });
    const primary = await openConfiguration(source);
    for (const ms of [24, 16, 12, 0, 1, 2, 3, 4, 6, 8]) {
      await writeFile(target, old);
      await killAfter(ms, target, ['restore', source, target]);
      const left = await readFile(target, 'utf8');
      assert.ok(left === old || left === primary.document.text, `whole after ${ms} ms`);
    }
    const finished = await outcomeOf(node[0], [...node.slice(1), 'restore', source, target]);
    assert.equal(finished.id, undefined);
    assert.equal(await readFile(target, 'utf8'), primary.document.text);
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('leave a good backup of every site at each instant, and the next run finishes', async () => {
    const source = join(folder.path, 'primary.config');
    const target = join(folder.path, 'failover');
    await writeFile(source, serverText({ sites: manySites(150, '10.1.1.1') }));
    const run = ['backup', source, target] as const;
    await outcomeOf(node[0], [...node.slice(1), ...run]);
    for (const ms of [0, 40, 80, 120, 160, 250]) {
      await killAfter(ms, join(target, 'Sitelist.txt'), [
        ...run,
        new Date(2026, 1, 1, 0, 0, 0, ms).toISOString(),
      ]);
      const list = await readSiteList(join(target, 'Sitelist.txt'));
      assert.equal(list.length, 150);
      for (const entry of list) {
        const { backup } = await readListedBackup(target, entry);
        assert.equal(backup.name, entry.name);
        const old = await readBackup(join(target, `${entry.file}.old`)).catch(() => undefined);
        assert.ok(old === undefined || old.name === entry.name);
      }
    }
    assert.deepEqual((await outcomeOf(node[0], [...node.slice(1), ...run])).errors, []);
    const names = await readdir(target);
    assert.equal(names.length, 301);
    for (const entry of await readSiteList(join(target, 'Sitelist.txt')))
      assert.equal((await readListedBackup(target, entry)).asListed, true);
  });
});

describe('places that cannot be written (needs root)', () => {
  const folder = temporaryFolder();
  let place = '';
  let source = '';
  before(function () {
    let missing: string | undefined;
    try {
      execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
    } catch {
      missing = 'the right to mount (root)';
    }
    skipWhereMissing(this, missing);
  });
  beforeEach(async () => {
    place = join(folder.path, 'place');
    source = join(folder.path, 'primary.config');
    await mkdir(place);
    await writeFile(source, serverText({ sites: manySites(400, '10.1.1.1') }));
  });

  /** Runs the script with `setUp` done in a mount namespace of its own, and copies what is in the place to `saved`. */
  async function runIn(
    setUp: string,
    action: string,
    target: string,
  ): Promise<{ outcome: Outcome; saved: string }> {
    const saved = join(folder.path, 'saved');
    await mkdir(saved);
    const shell = `${setUp}\nshift 2\nout=$("$@")\ncp -a '${place}/.' '${saved}'\necho "$out"`;
    const args = ['-m', 'sh', '-ec', shell, 'sh', place, source, ...node, action, source, target];
    return { outcome: await outcomeOf('unshare', args), saved };
  }

  const readOnly = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"';

  it('leave a configuration as it was where the volume is read-only', async () => {
    const before = serverText({});
    await writeFile(join(place, 'a.config'), before);
    const { outcome, saved } = await runIn(readOnly, 'restore', join(place, 'a.config'));
    assert.equal(outcome.id, 'FileNotWritable');
    assert.match(outcome.message ?? '', /^Cannot write .*: the volume is read-only$/);
    assert.equal(await readFile(join(saved, 'a.config'), 'utf8'), before);
  });

  it('are named where backups cannot be written there', async () => {
    const { outcome } = await runIn(readOnly, 'backup', place);
    assert.equal(outcome.id, 'FileNotWritable');
    assert.match(outcome.message ?? '', /^Cannot write .*: the volume is read-only$/);
  });

  it('leave a configuration as it was where the disk is full', async () => {
    const before = serverText({ sites: siteXml('own.com', 999) });
    const fill = `mount -t tmpfs -o size=64k tmpfs "$1"; cat > "$1/a.config" <<'END'\n${before}END`;
    const { outcome, saved } = await runIn(fill, 'restore', join(place, 'a.config'));
    assert.equal(outcome.id, 'DiskFull');
    assert.match(outcome.message ?? '', /^Cannot write .*a\.config: the disk is full$/);
    assert.equal(await readFile(join(saved, 'a.config'), 'utf8'), before);
    assert.deepEqual(await readdir(saved), ['a.config']);
    assert.deepEqual(await readHistory(`${source}.state`), []);
  });

  it('take what backups fit, whole, and name the full disk for the rest', async () => {
    const { outcome, saved } = await runIn('mount -t tmpfs -o size=600k tmpfs "$1"', 'backup', place);
    const failed = outcome.errors ?? [outcome.id];
    assert.deepEqual([...new Set(failed)], ['DiskFull']);
    const files = (await readdir(saved)).filter((name) => name.endsWith('.xml'));
    assert.ok(files.length > 50, `${files.length} files fitted`);
    for (const name of files) assert.equal(`${(await readBackup(join(saved, name))).name}.xml`, name);
  });
});
