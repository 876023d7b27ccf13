import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { sha256 } from '../../src/edge/files.ts';
import { currentHistory, planUndo, readHistory, readOwnership } from '../../src/history/index.ts';
import { planRestore } from '../../src/iis/index.ts';
import { temporaryFolder } from '../support/tree.ts';
import { exportAll, parse, serverText, siteXml } from './samples.ts';

const own = siteXml('own.com', 999, { binding: '10.1.1.9:80:own.com' });
const sites = (binding: string): string =>
  Array.from({ length: 12 }, (_, index) =>
    siteXml(`site${index}.com`, index + 1, { pool: 'pool1', binding: `${binding}:80:site${index}.com` }),
  ).join('');
const primaryText = (address: string): string =>
  serverText({ sites: sites(address), pools: '\n            <add name="pool1" autoStart="true" />' });
const primaryTexts = [primaryText('10.1.1.1'), primaryText('10.1.1.2')];
const empty = serverText({ sites: own });

/** The file with the sites of a primary, whatever it had of them before. */
function restoredTo(text: string): string {
  const backups = exportAll(parse(text));
  return planRestore(parse(empty), backups).text(backups.map(({ name }) => name));
}
const restoredTexts = primaryTexts.map(restoredTo);

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('a configuration that is changed again and again by runs that are killed', function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  let program = '';
  before(async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('change-forever.ts', import.meta.url))],
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      mainFields: ['module', 'main'],
      write: false,
    });
    program = outputFiles[0]!.text;
  });

  /** A folder with a standby, its state and the program. */
  async function makeLane(name: string) {
    const path = join(folder.path, name);
    await mkdir(path);
    const [target, state, script] = ['standby.config', 'state', 'change.mjs'].map((one) => join(path, one));
    await writeFile(target!, empty);
    await writeFile(script!, program);
    const primaries = primaryTexts.map((_, index) => join(path, `primary${index}.config`));
    for (const [index, primary] of primaries.entries()) await writeFile(primary, primaryTexts[index]!);
    const run = (action: string, times: number) =>
      spawn(process.execPath, [script!, action, target!, state!, primaries.join(','), String(times)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const finish = async (action: string, times = 1): Promise<void> => {
      const child = run(action, times);
      child.stdout.resume();
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    };
    return { path, target: target!, state: state!, run, finish };
  }
  type Lane = Awaited<ReturnType<typeof makeLane>>;

  async function kill(lane: Lane, action: string, instant: number, changeMs: number): Promise<void> {
    const child = lane.run(action, Infinity);
    const exit = once(child, 'exit');
    // A part of them dies while it starts; the others within their first changes.
    if (instant > 0.1) await Promise.race([once(child.stdout, 'data'), exit]);
    await sleep(instant * 3 * changeMs);
    child.kill('SIGKILL');
    assert.deepEqual(await exit, [null, 'SIGKILL']);
  }

  /** The file is one of these, and the history leads to it without a gap. */
  async function check({ target, state }: Lane, texts: readonly string[], when: string): Promise<void> {
    const text = await readFile(target, 'utf8');
    assert.ok(texts.includes(text), `${when}: the file is none of those that were written`);
    const damaged: string[] = [];
    const { entries } = await currentHistory(state, ({ message }) => damaged.push(message));
    assert.deepEqual(damaged, [], when);
    for (const [index, entry] of entries.entries()) {
      await planUndo(state, entry, Buffer.from(text), {
        applicationHost: () => ({ content: '', changes: [] }),
      });
      if (index > 0) assert.equal(entries[index - 1]!.after, entry.before, when);
    }
    if (entries.length > 0) assert.equal(entries.at(-1)!.after, sha256(text), when);
  }

  async function killMany(lane: Lane, action: string, kills: number, seed: number): Promise<void> {
    const next = random(seed);
    const started = performance.now();
    await lane.finish(action, 8);
    const changeMs = (performance.now() - started) / 8;
    for (let index = 0; index < kills; index++) {
      const instant = next();
      await kill(lane, action, instant, changeMs);
      await check(lane, [empty, ...restoredTexts], `seed ${seed}, kill ${index} at ${instant}`);
    }
    await lane.finish(action, 5);
    const left = (await readdir(lane.path)).filter((name) => name.endsWith('.tmp') || name.endsWith('.lock'));
    assert.deepEqual(left, []);
    const entries = await readHistory(lane.state);
    assert.equal(entries.length, 4);
    for (const entry of entries) assert.ok(entry.settled);
  }

  async function ownedSites({ state, target }: Lane): Promise<number> {
    return (await readOwnership(state, target)).names('site').length;
  }

  it('is the old or the new file at 200 random instants of restores, and the history is whole', async () => {
    const lanes = [await makeLane('one'), await makeLane('two')];
    await Promise.all(lanes.map((lane, index) => killMany(lane, 'restore', 100, 2026 + index)));
    for (const lane of lanes) assert.equal(await ownedSites(lane), 12);
  });

  it('is so at 60 random instants of undos, and who owns what follows the file', async () => {
    const lanes = [await makeLane('one'), await makeLane('two')];
    for (const lane of lanes) await lane.finish('restore');
    await Promise.all(lanes.map((lane, index) => killMany(lane, 'undo', 30, 24 + index)));
    for (const lane of lanes) {
      const isEmpty = (await readFile(lane.target, 'utf8')) === empty;
      assert.equal(await ownedSites(lane), isEmpty ? 0 : 12);
    }
  });

  it('has the changes of six runs at once one after the other, where each tries again', async () => {
    const lane = await makeLane('one');
    const children = Array.from({ length: 6 }, () => lane.run('restore', 3));
    const ends = children.map((child) => once(child.stdout.resume() && child, 'exit'));
    for (const end of ends) assert.deepEqual(await end, [0, null]);
    await check(lane, restoredTexts, 'after six runs at once');
    const last = (await readHistory(lane.state)).at(-1);
    assert.equal(last?.id, 18);
  });
});
