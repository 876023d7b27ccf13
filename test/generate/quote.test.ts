import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import {
  markdownBlock,
  markdownCode,
  markdownText,
  powershellString,
  xmlText,
} from '../../build/generate/quote.ts';

const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom("'", '"', '&', '<', ']]>', '&amp;', '&#65;', '\r\n', '\t', '\u{1f600}', '\u2019', ' '),
    ),
  )
  .map((parts) => parts.join(''));

/** XML 1.0, section 2.2: what is no Char has to be replaced. */
const noXmlChar = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

function parse(document: string): { content: string; attribute: string } {
  const parser = new SaxesParser();
  const read = { content: '', attribute: '' };
  parser.on('opentag', ({ attributes }) => (read.attribute = String(attributes.a)));
  parser.on('text', (text) => (read.content += text));
  parser.write(document).close();
  return read;
}

describe('powershellString', () => {
  it('is a literal in single quotes where the text is ASCII, and a sum of characters where not', () => {
    const cases: [string, string][] = [
      ['', "''"],
      ['a "$(b)" `n', '\'a "$(b)" `n\''],
      ["it's", "'it''s'"],
      ['\u2019', '([string][char]0x2019)'],
      ['a\u00e9\nb', "('a' + [string][char]0x00E9 + [string][char]0x000A + 'b')"],
    ];
    for (const [text, expression] of cases) assert.equal(powershellString(text), expression);
  });

  it('is one line of ASCII for any text', () => {
    fc.assert(fc.property(anyText, (text) => assert.match(powershellString(text), /^[\x20-\x7e]+$/)));
  });
});

describe('xmlText', () => {
  it('comes back from an XML parser as content and as attribute, less what XML 1.0 has no form for', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const quoted = xmlText(text);
        const expected = text.replace(noXmlChar, '\ufffd');
        assert.match(quoted, /^[\t\n\x20-\x7e]*$/);
        for (const quote of ['"', "'"])
          assert.deepEqual(parse(`<x a=${quote}${quoted}${quote}>${quoted}</x>`), {
            content: expected,
            attribute: expected,
          });
      }),
    );
  });
});

describe('Markdown', () => {
  it('shows marks of its own as they are, and keeps a table cell in its line', () => {
    assert.equal(markdownText('a_b *c* [d] <e> | f\\g\nh'), 'a\\_b \\*c\\* \\[d\\] \\<e\\> \\| f\\\\g h');
  });

  it('fences code by more backticks than it has', () => {
    assert.equal(markdownCode('a'), '`a`');
    assert.equal(markdownCode('a``b`'), '``` a``b` ```');
    assert.deepEqual(markdownBlock('a'), ['```powershell', 'a', '```']);
    assert.deepEqual(markdownBlock('```'), ['````powershell', '```', '````']);
  });
});
