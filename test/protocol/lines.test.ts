import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineReader } from '../../src/protocol/lines.ts';

describe('LineReader', () => {
  it('gives whole lines only, and drops a byte order mark at the start', () => {
    const reader = new LineReader();
    assert.deepEqual(reader.push(Buffer.from([0xef, 0xbb])), []);
    assert.deepEqual(reader.push(Buffer.from([0xbf, 0x61])), []);
    assert.deepEqual(reader.push(Buffer.from('b\r\n\n\ufeffc\u2028d\ne')), ['ab\r', '', '\ufeffc\u2028d']);
    assert.deepEqual(reader.push(Buffer.from('\n')), ['e']);
  });

  it('does not care how the bytes are cut', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), cuts, (texts, positions) => {
        const expected = texts.map((text) => text.replaceAll('\n', ' '));
        const bytes = Buffer.from(`\ufeff${expected.join('\n')}\n`);
        const ends = [...positions.map((position) => position % bytes.length), bytes.length];
        ends.sort((a, b) => a - b);
        const reader = new LineReader();
        let start = 0;
        const lines = ends.flatMap((end) => {
          const chunk = bytes.subarray(start, end);
          start = end;
          return reader.push(chunk);
        });
        assert.deepEqual(lines, expected);
      }),
    );
  });
});
