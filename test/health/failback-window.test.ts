import assert from 'node:assert/strict';
import { isWindowOpen } from '../../src/health/index.ts';

const night = { days: ['fri', 'sat'], from: '22:00', to: '04:00', timeZone: 'Europe/Berlin' };

describe('the window of a failback', () => {
  // 2026-01-02 is a Friday; Berlin is an hour ahead of UTC in winter and two in summer.
  const rows: [string, boolean][] = [
    ['2026-01-02T20:59:00Z', false],
    ['2026-01-02T21:00:00Z', true],
    ['2026-01-03T02:59:00Z', true],
    ['2026-01-03T03:00:00Z', false],
    ['2026-01-04T02:00:00Z', true], // Saturday's, on Sunday morning
    ['2026-01-04T21:30:00Z', false], // Sunday has none
    ['2026-01-02T02:00:00Z', false], // Thursday's would end here
    ['2026-07-03T20:00:00Z', true], // 22:00 in summer
  ];
  for (const [time, open] of rows)
    it(`that begins on Friday and Saturday night in Berlin is ${open ? 'open' : 'closed'} at ${time}`, () => {
      assert.equal(isWindowOpen(night, new Date(time)), open);
    });

  it('without days is open every day, and without its last minute', () => {
    const noon = { days: [], from: '12:00', to: '13:00', timeZone: 'UTC' };
    assert.equal(isWindowOpen(noon, new Date('2026-01-04T12:59:59Z')), true);
    assert.equal(isWindowOpen(noon, new Date('2026-01-04T13:00:00Z')), false);
  });
});
