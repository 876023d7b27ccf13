import assert from 'node:assert/strict';
import {
  conflictName,
  conflictPolicies,
  type ConflictPolicy,
  decide,
  type Version,
} from '../../src/content/three-way.ts';

const base: Version = { size: 10, mtimeMs: 1000 };
const older: Version = { size: 11, mtimeMs: 2000 };
const newer: Version = { size: 12, mtimeMs: 3000 };
const gone = undefined;

describe('who changed a file since the last sync', () => {
  for (const [what, versions, expected] of [
    ['nobody', { base, primary: base, standby: base }, 'same'],
    ['nobody, within the tolerance', { base, primary: base, standby: { size: 10, mtimeMs: 1000.4 } }, 'same'],
    ['both alike', { base, primary: newer, standby: newer }, 'same'],
    ['both, by deleting it', { base, primary: gone, standby: gone }, 'same'],
    ['the primary', { base, primary: newer, standby: base }, 'primary'],
    ['the primary, by deleting it', { base, primary: gone, standby: base }, 'primary'],
    ['the primary, which made it', { base: gone, primary: newer, standby: gone }, 'primary'],
    ['the standby', { base, primary: base, standby: older }, 'toPrimary'],
    ['the standby, which made it', { base: gone, primary: gone, standby: newer }, 'toPrimary'],
    ['the standby, by deleting it', { base, primary: base, standby: gone }, 'removeOnPrimary'],
  ] as const) {
    it(`is ${what}, whatever the policy`, () => {
      for (const policy of conflictPolicies) {
        const decision = decide(versions, policy, 1);
        assert.equal(decision.kind === 'act' ? decision.action : decision.kind, expected);
        if (decision.kind === 'act') assert.equal(decision.isConflict, false);
      }
    });
  }

  const both = { base, primary: newer, standby: older };
  const isNew = { base: gone, primary: older, standby: newer };
  const deletedHere = { base, primary: newer, standby: gone };
  const deletedThere = { base, primary: gone, standby: older };
  const tie = { base, primary: { size: 1, mtimeMs: 5000 }, standby: { size: 2, mtimeMs: 5000 } };
  const table: Record<ConflictPolicy, [string, string, string, string, string]> = {
    //         both         new on both  standby deleted    primary deleted    same time
    Report: ['report', 'report', 'report', 'report', 'report'],
    Standby: ['toPrimary', 'toPrimary', 'removeOnPrimary', 'toPrimary', 'toPrimary'],
    Primary: ['toStandby', 'toStandby', 'toStandby', 'removeOnStandby', 'toStandby'],
    Newest: ['toStandby', 'toPrimary', 'toStandby', 'toPrimary', 'toPrimary'],
    KeepBoth: ['both', 'both', 'toStandby', 'toPrimary', 'both'],
  };
  for (const policy of conflictPolicies) {
    it(`is both, and ${policy} decides`, () => {
      const outcomes = [both, isNew, deletedHere, deletedThere, tie].map((versions) => {
        const decision = decide(versions, policy, 1);
        if (decision.kind === 'act') assert.equal(decision.isConflict, true);
        return decision.kind === 'act' ? decision.action : decision.kind;
      });
      assert.deepEqual(outcomes, table[policy]);
    });
  }
});

describe('conflictName', () => {
  const now = new Date('2026-11-24T12:34:56.789Z');
  for (const [name, expected] of [
    ['photo.jpg', 'photo (primary 2026-11-24 123456).jpg'],
    ['README', 'README (primary 2026-11-24 123456)'],
    ['.htaccess', '.htaccess (primary 2026-11-24 123456)'],
    ['a.tar.gz', 'a.tar (primary 2026-11-24 123456).gz'],
  ] as const) {
    it(`is ${expected} for ${name}`, () =>
      assert.equal(
        conflictName(name, now, () => false),
        expected,
      ));
  }

  it('is one that is not taken', () => {
    const first = 'a (primary 2026-11-24 123456).txt';
    assert.equal(
      conflictName('a.txt', now, (name) => name === first),
      'a (primary 2026-11-24 123456 2).txt',
    );
  });
});
