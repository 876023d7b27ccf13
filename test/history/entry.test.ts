import assert from 'node:assert/strict';
import { lastInForce, stateOf, undoneIds, wasDropped } from '../../src/history/entry.ts';
import type { HistoryEntry } from '../../src/history/index.ts';

function entry(id: number, undoes?: number): HistoryEntry {
  return {
    format: 1,
    id,
    time: '2026-01-02T03:04:05.000Z',
    command: undoes === undefined ? 'restore' : 'undo',
    ...(undoes !== undefined && { undoes }),
    configurationFile: 'applicationHost.config',
    kind: 'applicationHost',
    changes: [],
    before: `hash${id - 1}`,
    after: `hash${id}`,
    replaced: { start: 0, end: 0 },
    settled: true,
  };
}

describe('the state of a restore', () => {
  it('is Undone by an undo, and no longer where that one was undone', () => {
    const undone = [entry(1), entry(2), entry(3, 2)];
    assert.deepEqual([...undoneIds(undone)], [2]);
    assert.deepEqual([...undoneIds([...undone, entry(4, 3)])], [3]);
    assert.deepEqual([...undoneIds([...undone, entry(4, 3), entry(5, 4)])], [4, 2]);
  });

  it('is Current while the file is as it left it, else Superseded', () => {
    assert.equal(stateOf(entry(2), new Set(), 'hash2'), 'Current');
    assert.equal(stateOf(entry(2), new Set(), 'hash3'), 'Superseded');
    assert.equal(stateOf(entry(2), new Set(), undefined), 'Superseded');
    assert.equal(stateOf(entry(2), new Set([2]), 'hash2'), 'Undone');
  });

  it('decides what an undo without a number reverts: the last restore in force', () => {
    assert.equal(lastInForce([]), undefined);
    assert.equal(lastInForce([entry(1), entry(2)])?.id, 2);
    assert.equal(lastInForce([entry(1), entry(2), entry(3, 2)])?.id, 1);
    assert.equal(lastInForce([entry(1), entry(2), entry(3, 2), entry(4, 1)]), undefined);
    assert.equal(lastInForce([entry(1), entry(2), entry(3, 2), entry(4, 3)])?.id, 2);
  });

  it('is none where a killed run did not come to replace the file', () => {
    const pending = { ...entry(2), settled: false };
    assert.equal(wasDropped(pending, 'hash1'), true);
    assert.equal(wasDropped(pending, 'hash2'), false);
    assert.equal(wasDropped(pending, 'another'), false);
    assert.equal(wasDropped(entry(2), 'hash1'), false);
  });
});
