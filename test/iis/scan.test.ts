import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkWellFormed } from '../../src/iis/gate.ts';
import { XmlDocument } from '../../src/iis/scan.ts';
import { decodeAttribute, encodeAttribute } from '../../src/iis/xml-text.ts';

const shape = (document: XmlDocument): string[] =>
  [...document.walk(document.root)].map((element) => document.slice(element));

describe('span scanner', () => {
  it('finds elements by their offsets, and their parts by those', () => {
    const document = new XmlDocument('<?xml version="1.0"?><!-- <x> --><a>\n<b c="1"/><d></d></a>');
    assert.deepEqual(shape(document), ['<a>\n<b c="1"/><d></d></a>', '<b c="1"/>', '<d></d>']);
    const [b, d] = document.children(document.root);
    assert.ok(b && d);
    assert.deepEqual([b.startTagEnd, b.endTagStart], [b.end, b.end]);
    assert.deepEqual([d.endTagStart - d.startTagEnd, document.line(d)], [0, 2]);
  });

  it('is not misled by > in values, markup in comments, CDATA and processing instructions', () => {
    const text = `<a q='>"<!--' r="/>'"><!-- </a><b> --><![CDATA[</a>]]><?pi </a>?><c d=">"/></a >`;
    checkWellFormed(text.replace('<!--', '&lt;!--').replace('\'>"', '\'>"'), 'x');
    const document = new XmlDocument(text);
    assert.deepEqual(shape(document), [text, '<c d=">"/>']);
    assert.equal(document.attribute(document.root, 'q'), '>"<!--');
  });

  it('gives attributes with their places, whatever the quotes and spaces', () => {
    const text = '<a  b = "x&amp;y"\n\tc=\'"\'d="&#x41;&#10;\r\nB"/>'.replace(`'d`, `' d`);
    const document = new XmlDocument(text);
    const attributes = document.attributes(document.root);
    assert.deepEqual(
      attributes.map(({ name, value }) => [name, value]),
      [
        ['b', 'x&y'],
        ['c', '"'],
        ['d', 'A\n B'],
      ],
    );
    assert.deepEqual(
      attributes.map(({ start, valueStart, valueEnd }) => [text[start], text.slice(valueStart, valueEnd)]),
      [
        ['b', 'x&amp;y'],
        ['c', '"'],
        ['d', '&#x41;&#10;\r\nB'],
      ],
    );
  });

  it('scans what lies deeper when it is asked for, with the same result', () => {
    const text = '<a><b><c x="1"><d/></c></b><b/></a>';
    assert.deepEqual(shape(new XmlDocument(text, 1)), shape(new XmlDocument(text)));
    assert.deepEqual(shape(new XmlDocument(text, 2)), shape(new XmlDocument(text)));
    assert.equal(new XmlDocument(text, 1).depth, 4);
  });

  it('does not recurse: 200,000 levels are no matter', () => {
    const text = '<a>'.repeat(200_000) + '</a>'.repeat(200_000);
    assert.equal(new XmlDocument(text).depth, 200_000);
  });

  it('writes any text as an attribute value that reads as the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        assert.equal(decodeAttribute(encodeAttribute(value)), value);
      }),
    );
  });
});
