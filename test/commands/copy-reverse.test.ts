import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyFailoverContent } from '../../src/commands/copy-failover-content.ts';
import type { CommandContext } from '../../src/commands/definition.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { updateState } from '../../src/edge/state.ts';
import { formatSiteList } from '../../src/iis/site-list.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { readTree, temporaryFolder, writeTree } from '../support/tree.ts';

type Parameters = Parameters_<typeof copyFailoverContent.plan>;
type Parameters_<F> = F extends (parameters: infer P, ...rest: never[]) => unknown ? P : never;

describe('Copy-FailoverContent while a site is failed over', () => {
  const folder = temporaryFolder();
  let primary: string;
  let standby: string;
  let errors: FailoverError[];
  let warnings: string[];
  beforeEach(async () => {
    primary = join(folder.path, 'web', 'site1');
    standby = join(folder.path, 'standby', 'site1');
    await writeTree(primary, {
      'default.htm': 'from the primary',
      'gone.htm': 'old',
      'c.txt': 'x',
      'd.txt': 'y',
    });
    const entry = { name: 'site1.com', id: 1, file: 'site1.com.xml', sha256: '0'.repeat(64) };
    await mkdir(join(folder.path, 'backup'));
    const list = formatSiteList([{ ...entry, contentRoots: [primary] }]);
    await writeFile(join(folder.path, 'backup', 'Sitelist.txt'), list);
    await run({});
  });

  /** All steps are approved. */
  async function run(
    given: Partial<Parameters>,
  ): Promise<{ actions: string[]; output: Record<string, unknown>[] }> {
    errors = [];
    warnings = [];
    const context: CommandContext = {
      signal: new AbortController().signal,
      clock: systemClock,
      settingsFile: { path: join(folder.path, 'failover.json'), named: false },
      settings: () => Promise.reject(new Error('there are none')),
      settingsIfPresent: () => Promise.resolve(undefined),
      whatIf: false,
      verbose: () => undefined,
      warning: (text) => void warnings.push(text),
      progress: () => undefined,
      error: (error) => void errors.push(error),
    };
    const pathMap = new Map([[join(folder.path, 'web'), join(folder.path, 'standby')]]);
    const parameters = { Source: join(folder.path, 'backup'), PathMap: pathMap, ...given } as Parameters;
    const plan = await copyFailoverContent.plan(parameters, context);
    const output: Record<string, unknown>[] = [];
    for await (const object of copyFailoverContent.apply(plan.steps, plan, context))
      output.push({ ...object });
    return { actions: plan.steps.map(({ action }) => action), output };
  }

  async function edit(side: string, name: string, content: string, seconds: number): Promise<void> {
    await writeFile(join(side, name), content);
    await utimes(join(side, name), seconds, seconds);
  }

  const ids = (): string[] => errors.map(({ id }) => id);

  it('does not overwrite what is on the standby, unless it is forced', async () => {
    await updateState(join(folder.path, 'state'), new Map([['site1.com', { target: 'failover' }]]));
    await edit(primary, 'default.htm', 'newer on the primary', 2_000_000_000);
    assert.deepEqual((await run({})).actions, []);
    assert.deepEqual(ids(), ['StandbyAuthoritative']);
    assert.equal(await readFile(join(standby, 'default.htm'), 'utf8'), 'from the primary');
    await run({ Force: true });
    assert.deepEqual(ids(), []);
    assert.equal(await readFile(join(standby, 'default.htm'), 'utf8'), 'newer on the primary');
  });

  it('brings back what visitors wrote, and finds nothing to do again', async () => {
    await updateState(join(folder.path, 'state'), new Map([['site1.com', { target: 'failover' }]]));
    await edit(standby, 'default.htm', 'from a visitor', 2_000_000_000);
    await writeTree(standby, { 'uploads/photo.jpg': 'photo' });
    await rm(join(standby, 'gone.htm'));
    const { actions, output } = await run({ Reverse: true });
    assert.match(
      actions[0]!,
      /^Bring back 2 files \(19 B\) from .*, make 1 folder there, delete 1 file there$/,
    );
    assert.deepEqual(ids(), []);
    assert.deepEqual(await readTree(primary), await readTree(standby));
    assert.equal((await readTree(primary))[join('uploads', 'photo.jpg')], 'photo');
    const { FilesCopied, FilesDeleted, FilesKept, Conflicts, Quarantine } = output[0]!;
    assert.deepEqual(
      { FilesCopied, FilesDeleted, FilesKept, Conflicts },
      { FilesCopied: 2, FilesDeleted: 1, FilesKept: 1, Conflicts: [] },
    );
    const [quarantine] = Quarantine as string[];
    assert.ok(quarantine!.startsWith(join(folder.path, 'web', '.failover-quarantine')));
    const { 'default.htm': replaced, 'gone.htm': deleted } = await readTree(quarantine!);
    assert.deepEqual([replaced, deleted], ['from the primary', 'old']);
    assert.deepEqual((await run({ Reverse: true })).actions, []);
    await updateState(join(folder.path, 'state'), new Map([['site1.com', { target: 'primary' }]]));
    const { output: copied } = await run({});
    assert.deepEqual([copied[0]!.FilesCopied, copied[0]!.FilesDeleted], [0, 0]);
    assert.deepEqual(await readTree(primary), await readTree(standby));
  });

  it('reports a file that was changed on both sides, until a policy decides', async () => {
    await edit(primary, 'default.htm', 'by the editor', 2_000_000_000);
    await edit(standby, 'default.htm', 'by a visitor!', 2_000_000_001);
    const reported = await run({ Reverse: true });
    assert.deepEqual(ids(), ['ContentConflict']);
    assert.match(errors[0]!.message, /default\.htm was changed both in .* and in .* since the last copy/);
    assert.deepEqual(reported.output[0]!.Conflicts, ['default.htm']);
    assert.equal(await readFile(join(primary, 'default.htm'), 'utf8'), 'by the editor');
    await run({ Reverse: true, ConflictPolicy: 'KeepBoth' });
    assert.deepEqual(ids(), []);
    assert.match(warnings[0]!, /it was changed on both sides/);
    const tree = await readTree(primary);
    assert.equal(tree['default.htm'], 'by a visitor!');
    const kept = Object.keys(tree).find((name) => /^default \(primary .*\)\.htm$/.test(name));
    assert.equal(tree[kept!], 'by the editor');
  });

  it('brings nothing back where it is not known what the last copy left', async () => {
    await rm(join(folder.path, 'state'), { recursive: true });
    await edit(standby, 'default.htm', 'from a visitor', 2_000_000_000);
    assert.deepEqual((await run({ Reverse: true })).actions, []);
    assert.deepEqual(ids(), ['SyncIndexMissing']);
  });

  it('brings nothing back where most of the content would be deleted, unless it is forced', async () => {
    for (const name of ['default.htm', 'gone.htm']) await rm(join(standby, name));
    assert.deepEqual((await run({ Reverse: true })).actions, []);
    assert.deepEqual(ids(), ['ContentDeleteRefused']);
    await run({ Reverse: true, Force: true });
    assert.deepEqual(Object.keys(await readTree(primary)).sort(), ['c.txt', 'd.txt']);
  });

  it('carries ACLs to new and unchanged files, and keeps those of a file it replaces on the primary', async function () {
    const hasTools = process.platform === 'linux' && existsSync('/usr/bin/setfacl');
    skipWhereMissing(this, hasTools ? undefined : 'setfacl (package acl)');
    const acl = (path: string): string =>
      execFileSync('getfacl', ['-n', '-c', '-p', path], { encoding: 'utf8' });
    await writeTree(primary, { 'new/page.htm': 'new' });
    for (const name of ['new', 'new/page.htm', 'c.txt'])
      execFileSync('setfacl', ['-m', 'u:1234:rx', join(primary, name)]);
    assert.match((await run({})).actions[0]!, /^Copy 1 new file .*, re-permission 1 item$/);
    for (const name of ['new', 'new/page.htm', 'c.txt']) {
      assert.match(acl(join(standby, name)), /^user:1234:r-x$/m);
      assert.equal(acl(join(standby, name)), acl(join(primary, name)));
    }
    execFileSync('setfacl', ['-b', join(standby, 'c.txt')]);
    await edit(standby, 'c.txt', 'from a visitor', 2_000_000_000);
    await run({ Reverse: true });
    assert.equal(await readFile(join(primary, 'c.txt'), 'utf8'), 'from a visitor');
    assert.match(acl(join(primary, 'c.txt')), /^user:1234:r-x$/m);
    assert.deepEqual(ids(), []);
  });

  it('brings files back by threads, verified and within a bandwidth, and keeps what was replaced', async () => {
    const large = 'v'.repeat(200_000);
    for (let index = 0; index < 40; index++)
      await writeFile(join(standby, `${index}.txt`), `visitor ${index}`);
    await writeFile(join(standby, 'c.txt'), large);
    const { output } = await run({ Reverse: true, Verify: true, MaximumBandwidth: 1e8, ThrottleLimit: 3 });
    assert.deepEqual([ids(), output[0]?.FilesCopied, output[0]?.Failed], [[], 41, 0]);
    assert.deepEqual(await readTree(primary), await readTree(standby));
    const [quarantine] = output[0]?.Quarantine as string[];
    assert.deepEqual(
      Object.values(await readTree(quarantine!)).filter((content) => content !== '/'),
      ['x'],
    );
  });

  it('removes what was kept long enough from the quarantines of both sides', async () => {
    const places = ['web', 'standby'].map((side) => join(folder.path, side, '.failover-quarantine'));
    for (const place of places)
      await writeTree(place, { '2020-01-01T000000000Z/a': 'a', '2120-01-01T000000000Z/b': 'b' });
    await edit(standby, 'c.txt', 'visitor', 1_800_000_000);
    await run({ Reverse: true });
    for (const place of places) {
      const kept = Object.values(await readTree(place)).filter((content) => content !== '/');
      assert.equal(kept.includes('a'), false);
      assert.equal(kept.includes('b'), true);
    }
  });

  it('takes a conflict policy for -Reverse only', async () => {
    await assert.rejects(
      run({ ConflictPolicy: 'Newest' }),
      (error: FailoverError) => error.id === 'ParameterInvalid',
    );
  });
});
