import assert from 'node:assert/strict';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { applyContentPlan, type ContentRoot, isEmptyPlan, planContentCopy } from '../../src/content/index.ts';
import {
  assertSameTimes,
  readTimes,
  readTree,
  temporaryFolder,
  type Tree,
  writeTree,
} from '../support/tree.ts';

// Odd names that both systems can store, a folder that some trees have as a file, and few enough to collide.
const name = fc.constantFrom(
  'a',
  'b.htm',
  'Größe',
  'with space',
  '漢字',
  "it's 100%",
  '.hidden',
  '-rf',
  'e\u0301',
  '😀',
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const content = fc.oneof(fc.string({ maxLength: 20 }), fc.constant('x'.repeat(70_000)));
const mtime = fc.date({ min: new Date('1960-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });

/** Trees whose paths do not contradict each other: no file is also a folder. */
const tree = fc
  .array(fc.record({ path, content, mtime, isFolder: fc.boolean() }), { maxLength: 12 })
  .map((entries): Tree => {
    const files = entries.filter((entry, index) =>
      entries.every((other, at) => at === index || !`${other.path}/`.startsWith(`${entry.path}/`)),
    );
    const pairs = files.map(({ path, content, mtime, isFolder }): [string, Tree[string]] =>
      isFolder ? [`${path}/`, ''] : [path, { content, mtime }],
    );
    return Object.fromEntries(pairs);
  });

describe('content copy of random trees', () => {
  const folder = temporaryFolder();

  async function makeRoot(source: Tree, destination: Tree): Promise<ContentRoot> {
    const base = await mkdtemp(join(folder.path, 'run-'));
    const root = { site: 's', path: base, source: join(base, 'from'), destination: join(base, 'to') };
    await mkdir(root.source);
    await writeTree(root.source, source);
    await writeTree(root.destination, destination);
    return root;
  }

  it('makes an equal tree in names, bytes and times, and copies nothing the second time', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (source) => {
        const root = await makeRoot(source, {});
        const before = await readTree(root.source);
        await applyContentPlan(await planContentCopy(root));
        assert.deepEqual(await readTree(root.destination), before);
        assertSameTimes(await readTimes(root.destination), await readTimes(root.source));
        assert.deepEqual(await readTree(root.source), before);
        const again = await planContentCopy(root);
        assert.equal(isEmptyPlan(again), true);
        assert.deepEqual([again.extra, again.problems], [[], []]);
      }),
      { numRuns: 60 },
    );
  });

  it('makes an equal tree of any other, and loses nothing that the other had', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, async (source, destination) => {
        const root = await makeRoot(source, destination);
        const from = await readTree(root.source);
        const before = await readTree(root.destination);
        const summary = await applyContentPlan(await planContentCopy(root, { force: true }));
        const after = await readTree(root.destination);
        assert.deepEqual(after, from);
        assertSameTimes(await readTimes(root.destination), await readTimes(root.source));
        const kept = summary.quarantine === undefined ? {} : await readTree(summary.quarantine);
        for (const [path, content] of Object.entries(before))
          if (content !== '/')
            assert.ok(after[path] === content || kept[path] === content, `${path} is lost`);
        assert.equal(isEmptyPlan(await planContentCopy(root)), true);
      }),
      { numRuns: 60 },
    );
  });
});
