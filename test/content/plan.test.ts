import assert from 'node:assert/strict';
import { FileList, type PlannedFolder } from '../../src/content/file-list.ts';
import {
  type ContentPlan,
  describeDeletes,
  describePlan,
  formatBytes,
  isEmptyPlan,
  planLines,
} from '../../src/content/index.ts';
import { syncIndexLine } from '../../src/content/sync-index.ts';

const folder = (added: number, changed: number): PlannedFolder => ({
  path: '',
  ours: { mtimeMs: 0, mode: 0o755 },
  line: syncIndexLine(
    '',
    0,
    Array.from({ length: added + changed }, (_, index) => [`${index}`, 1, 0]).flat(),
  ),
  files: added + changed,
  added: Array.from({ length: added }, (_, index) => index),
  changed: Array.from({ length: changed }, (_, index) => [added + index, 2, 0] as const),
});
const files = (added: number, changed: number): FileList => new FileList([folder(added, changed)]);
const empty: ContentPlan = {
  site: 'site1.com',
  path: 'C:\\web',
  source: 'X',
  destination: 'Y',
  quarantine: 'Q',
  sides: { source: 'X', destination: 'Y', timeTolerance: 0, exclude: [], otherRoots: [], verify: false },
  scanned: [],
  unknown: [],
  folders: [],
  files: files(0, 0),
  bytes: 0,
  unchanged: 7,
  extra: [],
  obstacles: [],
  renamed: [],
  modes: [],
  folderChanges: 0,
  acls: [],
  aclProblems: [],
  skipped: [{ path: 'link', kind: 'link' }],
  problems: [],
  leftovers: [],
};

describe('describePlan', () => {
  const cases: [Partial<ContentPlan>, string][] = [
    [{ files: files(12, 3), bytes: 4718592 }, 'Copy 12 new and 3 changed files (4.5 MB) from X to Y'],
    [{ files: files(1, 0), bytes: 10 }, 'Copy 1 new file (10 B) from X to Y'],
    [{ files: files(0, 2), bytes: 2048 }, 'Copy 2 changed files (2.0 KB) from X to Y'],
    [{ folders: [{ path: 'a', mode: 0o755 }] }, 'Copy 1 new folder from X to Y'],
    [{ leftovers: ['.failover-x.tmp'] }, 'Remove unfinished files of earlier runs in Y'],
    [{ renamed: [['a', 'A']] }, 'Change the case of 1 name in Y'],
    [{ folderChanges: 2 }, 'Set times and attributes of 2 items in Y'],
    [
      { files: files(1, 0), bytes: 1, obstacles: [{ path: '0', kind: 'folder', files: 3 }] },
      'Copy 1 new file (1 B) from X to Y, replacing 1 item of another kind (to the quarantine)',
    ],
    [{}, 'Copy nothing from X to Y'],
  ];
  for (const [changes, text] of cases)
    it(`says "${text}"`, () => {
      const plan = { ...empty, ...changes };
      assert.equal(describePlan(plan), text);
      assert.equal(isEmptyPlan(plan), text.startsWith('Copy nothing'));
    });
});

describe('describeDeletes', () => {
  it('says how many files are deleted from how many places, and where they go', () => {
    const extra = [
      { path: 'old', kind: 'folder', files: 3 },
      { path: 'a', kind: 'file', files: 1 },
    ] as const;
    assert.equal(
      describeDeletes({ ...empty, extra }),
      'Delete 4 files in 2 places of Y (to the quarantine Q)',
    );
    assert.equal(isEmptyPlan({ ...empty, extra }), false);
  });
});

describe('planLines', () => {
  it('names every change', () => {
    const plan: ContentPlan = {
      ...empty,
      files: files(1, 1),
      folders: [{ path: 'new', mode: 0o755 }],
      obstacles: [{ path: '0', kind: 'link', files: 1 }],
      renamed: [['a', 'A']],
      modes: [{ path: 'm', mode: 0o600 }],
      extra: [
        { path: 'old', kind: 'folder', files: 3 },
        { path: 'b', kind: 'file', files: 1 },
      ],
    };
    assert.deepEqual(
      Array.from(planLines(plan), (line) => line.replaceAll('\\', '/')),
      [
        'rename Y/a to A',
        'replace the link Y/0',
        'new folder Y/new',
        'new Y/0 (1 B)',
        'changed Y/1 (1 B)',
        'attributes of Y/m',
        'delete Y/old (folder with 3 files)',
        'delete Y/b',
      ],
    );
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
