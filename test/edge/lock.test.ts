import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { withLock } from '../../src/edge/lock.ts';
import { temporaryFolder } from '../support/tree.ts';

describe('withLock', () => {
  const folder = temporaryFolder();
  const longerThanTheTest = 600_000;

  it('lets one run at a time work, the other afterwards', async () => {
    const target = join(folder.path, 'target');
    const order: string[] = [];
    const run = (name: string): Promise<void> =>
      withLock(target, async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push(`${name} ends`);
      });
    await Promise.all([run('one'), run('two')]);
    assert.equal(order[0]?.replace('begins', 'ends'), order[1]);
    assert.equal(order[2]?.replace('begins', 'ends'), order[3]);
  });

  it('reports a lock that another run keeps', async () => {
    const target = join(folder.path, 'target');
    await withLock(target, () =>
      assert.rejects(
        withLock(target, () => Promise.resolve(), 0),
        { id: 'LockHeld', target },
      ),
    );
  });

  it('stops waiting when the signal fires', async () => {
    const target = join(folder.path, 'target');
    const controller = new AbortController();
    await withLock(target, async () => {
      const waiting = withLock(target, () => Promise.resolve(), longerThanTheTest, controller.signal);
      controller.abort();
      await assert.rejects(waiting, { name: 'AbortError' });
    });
  });

  it('does not wait where a lock can never be made', async () => {
    await writeFile(join(folder.path, 'file'), '');
    await assert.rejects(
      withLock(join(folder.path, 'file', 'target'), () => Promise.resolve(), longerThanTheTest),
      { id: 'FileNotWritable' },
    );
  });

  it('lets the work end whose lock was removed meanwhile', async () => {
    const target = join(folder.path, 'target');
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const done = await withLock(target, async () => {
        await rm(`${target}.lock`, { recursive: true });
        timers.next(); // the refresh of the lock, which finds it gone
        for (let turn = 0; turn < 50; turn++) await stat(folder.path);
        return 'done';
      });
      assert.equal(done, 'done');
    } finally {
      timers.restore();
    }
  });

  it('takes over the lock of a run that died', async () => {
    const target = join(folder.path, 'target');
    await mkdir(`${target}.lock`);
    await utimes(`${target}.lock`, 1, 1);
    assert.equal(await withLock(target, () => Promise.resolve('taken over'), 0), 'taken over');
  });

  const leave = async (target: string, owner: object): Promise<void> => {
    await mkdir(`${target}.lock`);
    await writeFile(join(`${target}.lock`, 'owner'), JSON.stringify(owner));
  };

  it('takes over at once where the process that held it is gone, and does not wait', async () => {
    const target = join(folder.path, 'target');
    const code = `
      import { withLock } from ${JSON.stringify(new URL('../../src/edge/lock.ts', import.meta.url).href)};
      await withLock(process.argv[1], () => process.kill(process.pid, 'SIGKILL'));`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', code, target];
    assert.equal(spawnSync(process.execPath, args).signal, 'SIGKILL');
    assert.ok((await stat(`${target}.lock`)).isDirectory());
    assert.equal(await withLock(target, () => Promise.resolve('taken over'), 0), 'taken over');
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('leaves the fresh lock of another machine, or of a process that runs', async () => {
    const target = join(folder.path, 'target');
    for (const owner of [
      { host: 'another', pid: 2 ** 22 + 1 },
      { host: hostname(), pid: process.ppid },
    ]) {
      await leave(target, owner);
      await assert.rejects(
        withLock(target, () => Promise.resolve(), 0),
        { id: 'LockHeld' },
      );
      await rm(`${target}.lock`, { recursive: true });
    }
  });

  it('is given to one only of many runs that find a dead one', async () => {
    const target = join(folder.path, 'target');
    for (let round = 0; round < 10; round++) {
      await leave(target, { host: hostname(), pid: 2 ** 22 + 1 });
      let holders = 0;
      let most = 0;
      const run = (): Promise<void> =>
        withLock(
          target,
          async () => {
            most = Math.max(most, ++holders);
            await stat(folder.path);
            holders--;
          },
          longerThanTheTest,
        );
      await Promise.all([run(), run(), run(), run()]);
      assert.equal(most, 1);
      assert.deepEqual(await readdir(folder.path), []);
    }
  });
});
