import assert from 'node:assert/strict';
import { type ContentPlan, describePlan, formatBytes, isEmptyPlan } from '../../src/content/index.ts';

const empty: ContentPlan = {
  site: 'site1.com',
  path: 'C:\\web',
  source: 'X',
  destination: 'Y',
  folders: [],
  files: [],
  bytes: 0,
  unchanged: 7,
  extra: 1,
  skipped: [{ path: 'link', kind: 'link' }],
  problems: [],
  leftovers: [],
};
const files = (added: number, changed: number): ContentPlan['files'] =>
  Array.from({ length: added + changed }, (_, index) => ({
    path: `${index}`,
    size: 1,
    isNew: index < added,
  }));

describe('describePlan', () => {
  const cases: [Partial<ContentPlan>, string][] = [
    [{ files: files(12, 3), bytes: 4718592 }, 'Copy 12 new and 3 changed files (4.5 MB) from X to Y'],
    [{ files: files(1, 0), bytes: 10 }, 'Copy 1 new file (10 B) from X to Y'],
    [{ files: files(0, 2), bytes: 2048 }, 'Copy 2 changed files (2.0 KB) from X to Y'],
    [{ folders: [{ path: 'a', mode: 0o755 }] }, 'Copy 1 new folder from X to Y'],
    [{ leftovers: ['.failover-x.tmp'] }, 'Remove unfinished files of earlier runs in Y'],
    [{}, 'Copy nothing from X to Y'],
  ];
  for (const [changes, text] of cases)
    it(`says "${text}"`, () => {
      const plan = { ...empty, ...changes };
      assert.equal(describePlan(plan), text);
      assert.equal(isEmptyPlan(plan), text.startsWith('Copy nothing'));
    });
});

describe('formatBytes', () => {
  it('never shows 1024 of a unit', () => {
    assert.deepEqual(
      [0, 1023, 1024, 1024 * 1024 - 1, 1024 ** 3, 3 * 1024 ** 4, 5000 * 1024 ** 4].map(formatBytes),
      ['0 B', '1023 B', '1.0 KB', '1.0 MB', '1.0 GB', '3.0 TB', '5000.0 TB'],
    );
  });
});
