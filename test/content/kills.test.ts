import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../build/bundle.ts';
import { isEmptyPlan, planContentCopy, SyncIndex } from '../../src/content/index.ts';
import { isOwnName } from '../../src/content/temporary.ts';
import { readTree, temporaryFolder, writeTree } from '../support/tree.ts';

const kills = 200;
const entry = fileURLToPath(new URL('copy-once.ts', import.meta.url));

describe(`content copy that is killed ${kills} times at random instants`, () => {
  const folder = temporaryFolder();

  it('shows whole files only, loses nothing, and the next run goes on', async function () {
    this.timeout(180_000);
    const source = join(folder.path, 'from');
    const destination = join(folder.path, 'web', 'to');
    const program = join(folder.path, 'program');
    const indexPath = join(folder.path, 'state', 'index.jsonl');
    await bundle({ entry, outdir: program });
    const command = [join(program, 'iisfailover.cjs'), source, destination, '', indexPath, '2'];
    const random = generator(20260101);
    /** Everything that a file ever held on the primary. */
    const versions = new Map<string, Set<string>>();
    const change = async (path: string): Promise<void> => {
      const content = `${path} ${random()} `.repeat(1 + Math.floor(random() * 4000));
      versions.set(path, (versions.get(path) ?? new Set()).add(content));
      await writeTree(source, { [path]: content });
    };
    const anyPath = (): string => `${Math.floor(random() * 5)}/${Math.floor(random() * 30)}.bin`;
    await writeTree(destination, {});
    for (let index = 0; index < 150; index++) await change(`${index % 5}/${index % 30}.bin`);

    let killed = 0;
    for (let run = 0; run < kills; run++) {
      if (run % 10 === 6) await rm(join(source, '4'));
      for (let index = 0; index < 10; index++) await change(anyPath());
      await rm(join(source, anyPath()), { force: true });
      if (run % 10 === 5) await replaceFolderByFile(join(source, '4'));
      if (await runAndKill(command, random() * 150)) killed++;
      const seen = await readTree(join(folder.path, 'web'));
      for (const [path, content] of Object.entries(seen)) {
        const names = path.split('/');
        if (content === '/' || names.some((name) => isOwnName(name) && !name.includes('quarantine')))
          continue;
        const original = names.slice(-2).join('/');
        const isWhole = versions.get(original)?.has(content) ?? content === 'a file now';
        assert.ok(isWhole, `${path} is not whole after run ${run}`);
      }
    }
    assert.ok(killed > kills / 4, `only ${killed} runs were killed before their end`);

    assert.equal(await runAndKill(command, 60_000), false);
    assert.deepEqual(await readTree(destination), await readTree(source));
    const plan = await planContentCopy({ site: 's', path: source, source, destination });
    assert.equal(isEmptyPlan(plan), true);
    assert.equal((await SyncIndex.open(indexPath))?.files, plan.unchanged);
  });
});

/** @returns false where it ended before */
async function runAndKill(command: readonly string[], afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exit = once(child, 'exit');
  const timer = new AbortController();
  const kill = setTimeout(afterMs, undefined, { signal: timer.signal }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  );
  const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
  timer.abort();
  await kill;
  assert.ok(code === 0 || signal === 'SIGKILL', `the copy ended with ${code ?? signal}`);
  return signal !== null;
}

async function replaceFolderByFile(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await writeFile(path, 'a file now');
}

/** The same numbers from 0 to 1 in every run of the test (a linear congruential generator). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
