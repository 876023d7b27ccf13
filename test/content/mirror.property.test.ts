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
        assert.deepEqual([again.extra, again.problems], [0, []]);
      }),
      { numRuns: 60 },
    );
  });

  it('loses nothing that only the destination has, and settles after one run', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, async (source, destination) => {
        const root = await makeRoot(source, destination);
        const from = await readTree(root.source);
        const before = await readTree(root.destination);
        const plan = await planContentCopy(root);
        await applyContentPlan(plan);
        const inTheWay = plan.problems.map(({ target = '' }) => target.slice(root.destination.length + 1));
        const isBlocked = (path: string): boolean =>
          inTheWay.some((other) => path === other || path.startsWith(`${other}/`));
        const copied = plan.files.map((file) => file.path);
        const expected = { ...before };
        for (const [path, value] of Object.entries(from))
          if (!isBlocked(path) && (value === '/' || copied.includes(path))) expected[path] = value;
        assert.deepEqual(await readTree(root.destination), expected);
        const again = await planContentCopy(root);
        assert.equal(isEmptyPlan(again), true);
        assert.equal(again.problems.length, plan.problems.length);
      }),
      { numRuns: 60 },
    );
  });
});
