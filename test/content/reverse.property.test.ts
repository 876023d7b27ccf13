import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { conflictPolicies } from '../../src/content/index.ts';
import { readTree } from '../support/tree.ts';
import { contentsBelow, TwoSides } from './reversing.ts';

const names = ['a.txt', 'b.txt', 'images/a.gif', 'images/deep/x', 'c/only.txt'];

interface Edit {
  readonly side: 'source' | 'destination';
  readonly name: string;
  readonly deletes: boolean;
  /** Order of the file times, which may be the same on both sides. */
  readonly time: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  side: fc.constantFrom('source', 'destination'),
  name: fc.constantFrom(...names),
  deletes: fc.boolean(),
  time: fc.integer({ min: 1, max: 5 }),
});

/** Each content is another one, and of another size: size and time tell versions apart. */
let version = 0;

function write(path: string, time: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `version ${version++}`.padEnd(20 + (version % 997)));
  utimesSync(path, 1000 + time, 1000 + time);
}

describe('content that is changed on both sides and brought back', () => {
  for (const policy of conflictPolicies) {
    it(`is never lost with the policy ${policy}, and both sides are the same after the next copy`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.subarray(names),
          fc.array(edit, { maxLength: 10 }),
          fc.array(edit, { maxLength: 4 }),
          async (first, edits, later) => {
            const folder = mkdtempSync(join(tmpdir(), 'iisfailover-'));
            try {
              const sides = new TwoSides(folder);
              const { source, destination } = sides.root;
              mkdirSync(source, { recursive: true });
              for (const name of first) write(join(source, name), 0);
              await sides.copy();
              for (const round of [edits, later]) {
                const synced = contentsBelow(destination);
                for (const { side, name, deletes, time } of round) {
                  const path = join(sides.root[side], name);
                  if (deletes) rmSync(path, { force: true });
                  else write(path, time);
                }
                const before = contentsBelow(folder);
                await sides.apply(await sides.plan(policy));
                assert.deepEqual(missing(before, contentsBelow(folder)), []);
                if (policy !== 'Report') {
                  const { items, unresolved } = await sides.plan(policy);
                  assert.deepEqual([...items, ...unresolved], []);
                }
                await sides.copy();
                // The copy only replaces what the last sync left, and the primary changed since.
                assert.deepEqual(
                  missing(before, contentsBelow(folder)).filter((content) => !synced.has(content)),
                  [],
                );
                assert.deepEqual(await readTree(destination), await readTree(source));
              }
              assert.deepEqual(sides.errors, []);
            } finally {
              rmSync(folder, { recursive: true });
            }
          },
        ),
        { numRuns: Number(process.env.REVERSE_RUNS ?? 15) },
      );
    });
  }
});

function missing(before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  return [...before].filter((content) => content.startsWith('version') && !after.has(content));
}
