import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/protocol/time-span.ts';

describe('Time spans', () => {
  it('are written as xs:duration, to 100 ns', () => {
    const cases: [number, string][] = [
      [0, 'P0DT0H0M0S'],
      [0.0001, 'P0DT0H0M0.0000001S'],
      [-1500, '-P0DT0H0M1.5S'],
      [86_399_999, 'P0DT23H59M59.999S'],
      [86_400_000, 'P1DT0H0M0S'],
    ];
    for (const [milliseconds, text] of cases) assert.equal(formatDuration(milliseconds), text);
  });

  it('are read as XmlConvert writes them', () => {
    const cases: [string, number | undefined][] = [
      ['PT0S', 0],
      ['P10675199DT2H48M5.4775807S', 922337203685477.6],
      ['-P1DT2H', -93_600_000],
      ['PT1M30.25S', 90_250],
      ['1.02:03:04', undefined],
    ];
    for (const [text, milliseconds] of cases) assert.equal(parseDuration(text), milliseconds);
  });

  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 1e15 }), (ticks) => {
        assert.equal(parseDuration(formatDuration(ticks / 10_000)), ticks / 10_000);
      }),
    );
  });

  it('refuse what no [timespan] holds', () => {
    for (const milliseconds of [NaN, Infinity, 1e15])
      assert.throws(() => formatDuration(milliseconds), RangeError);
  });
});
