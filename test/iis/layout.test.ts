import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkWellFormed } from '../../src/iis/gate.ts';
import { insertion, layOut, layoutOf, removal, replacement } from '../../src/iis/layout.ts';
import { meaning } from '../../src/iis/meaning.ts';
import { XmlDocument, type XmlElement } from '../../src/iis/scan.ts';
import { splice } from '../../src/iis/splice.ts';

const document = (text: string): XmlDocument => new XmlDocument(text);

function inserted(text: string, sibling: string | undefined, ...fragments: string[]): string {
  const file = document(text);
  return splice(text, [insertion(file, file.root, sibling, fragments, layoutOf(file))]);
}

describe('splice', () => {
  it('makes edits in the order of the text, insertions at one place in their own', () => {
    const edits = [
      { start: 4, end: 5, text: 'X' },
      { start: 0, end: 0, text: '1' },
      { start: 4, end: 4, text: '2' },
      { start: 0, end: 0, text: '3' },
    ];
    assert.equal(splice('abcdef', edits), '13abcd2Xf');
  });

  it('refuses edits that overlap', () => {
    const overlap = [
      { start: 0, end: 3, text: '' },
      { start: 2, end: 4, text: '' },
    ];
    assert.throws(() => splice('abcdef', overlap), /overlap/);
    assert.throws(() => splice('abc', [{ start: 2, end: 4, text: '' }]), /outside/);
  });
});

describe('layout', () => {
  it('of a fragment becomes that of the file: its line ends, its indentation', () => {
    const tabs = { newline: '\r\n', indentation: '\t' };
    const xml = '<a>\n    <b>\n\n        <c/>\n    </b>\n</a>';
    assert.equal(layOut(xml, '\t\t', tabs), '<a>\r\n\t\t\t<b>\r\n\r\n\t\t\t\t<c/>\r\n\t\t\t</b>\r\n\t\t</a>');
    assert.equal(layOut(xml, '', { newline: '', indentation: '' }), '<a><b><c/></b></a>');
  });

  it('leaves values, text and comments as they are', () => {
    const lines = '<a b="1\n   2">\n  text\n  <c/>more<!--\n   x --></a>';
    assert.equal(layOut(lines, '', { newline: '\n', indentation: '' }), lines);
  });

  it('is read from the file', () => {
    assert.deepEqual(layoutOf(document('<a>\r\n\t<b/>\r\n</a>')), { newline: '\r\n', indentation: '\t' });
    assert.deepEqual(layoutOf(document('<a><b/></a>')), { newline: '', indentation: '    ' });
  });
});

describe('insertion', () => {
  it('goes behind the last sibling, in its column', () => {
    const text = '<sites>\n  <site/><!-- last -->\n  <siteDefaults/>\n</sites>';
    assert.equal(
      inserted(text, 'site', '<site n="1"/>', '<site n="2"/>'),
      '<sites>\n  <site/>\n  <site n="1"/>\n  <site n="2"/><!-- last -->\n  <siteDefaults/>\n</sites>',
    );
  });

  it('goes before the first child where there is no sibling', () => {
    const text = '<sites>\n  <siteDefaults/>\n</sites>';
    assert.equal(inserted(text, 'site', '<site/>'), '<sites>\n  <site/>\n  <siteDefaults/>\n</sites>');
  });

  it('opens an empty container, however it is written', () => {
    const expected = '<sites>\n    <site/>\n</sites>\n';
    for (const empty of [
      '<sites/>\n',
      '<sites />\n',
      '<sites></sites>\n',
      '<sites>\n</sites>\n',
      '<sites>\n\n   </sites>\n',
    ])
      assert.equal(inserted(empty, 'site', '<site/>'), expected, empty);
    assert.equal(
      inserted('<sites><!-- none --></sites>\n', 'site', '<site/>'),
      '<sites><!-- none -->\n    <site/>\n</sites>\n',
    );
  });

  it('keeps a file of one line on one line', () => {
    assert.equal(
      inserted('<sites><site/></sites>', 'site', '<site>\n  <b/>\n</site>'),
      '<sites><site/><site><b/></site></sites>',
    );
    assert.equal(inserted('<sites/>', 'site', '<site/>'), '<sites><site/></sites>');
  });
});

describe('removal', () => {
  it('takes the line where the element has it alone, else the element', () => {
    const text = '<a>\r\n  <b/>\r\n  <c/> <d/>\r\n</a>';
    const file = document(text);
    const [b, c, d] = file.children(file.root) as [XmlElement, XmlElement, XmlElement];
    assert.equal(splice(text, [removal(file, b)]), '<a>\r\n  <c/> <d/>\r\n</a>');
    assert.equal(splice(text, [removal(file, d)]), '<a>\r\n  <b/>\r\n  <c/> \r\n</a>');
    assert.equal(splice(text, [removal(file, b), removal(file, c)]), '<a> <d/>\r\n</a>');
  });
});

describe('meaning', () => {
  const of = (text: string): string => meaning(document(text), document(text).root);

  it('does not depend on how an element is written', () => {
    const plain = of('<a x="1" y="&lt;"><b/><c>t u</c></a>');
    for (const other of [
      '<a y="&#60;"  x=\'1\' >\n  <!-- note --><b></b>\r\n<c> t\n u </c></a>',
      '<a x="1" y="&lt;"><b/><c><![CDATA[t]]> u<?pi?></c></a >',
    ])
      assert.equal(of(other), plain, other);
  });

  it('differs with values, names, order and number of elements, and text', () => {
    const forms = [
      '<a/>',
      '<a x=""/>',
      '<a x="1"/>',
      '<a X="1"/>',
      '<a><b/><c/></a>',
      '<a><c/><b/></a>',
      '<a><b><c/></b></a>',
      '<a><b/></a>',
      '<a><b/><b/></a>',
      '<a>b</a>',
      '<a x="&gt;&lt;b&gt;"/>',
      '<a>&lt;b></a>',
    ];
    assert.equal(new Set(forms.map(of)).size, forms.length);
  });
});

describe('edits of any file', () => {
  const name = fc.constantFrom('site', 'add', 'x');
  const space = fc.constantFrom('', '\n', '\r\n\t', '  ', '\n    ', '<!-- </site> -->', '\n<!-- > -->\n');
  const attribute = fc.constantFrom('', ' a="1"', " b='>'", '\n c="/>&amp;"');
  const tree = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(name, attribute, fc.constantFrom('/>', ' />')).map(([n, a, end]) => `<${n}${a}${end}`),
      fc
        .tuple(name, attribute, fc.array(fc.tuple(space, tie('node')), { maxLength: 4 }), space)
        .map(([n, a, children, last]) => `<${n}${a}>${children.flat().join('')}${last}</${n}>`),
    ),
  })).node;

  it('change what they should and nothing else', () => {
    fc.assert(
      fc.property(tree, tree, fc.nat(), (text, fragment, pick) => {
        const file = document(text);
        const layout = layoutOf(file);
        const elements = [...file.walk(file.root)];
        const chosen = elements[pick % elements.length] as XmlElement;
        const meant = (xml: string): string => meaning(document(xml), document(xml).root);

        const put = splice(text, [replacement(file, chosen, fragment, layout)]);
        checkWellFormed(put, 'replaced');
        assert.ok(put.startsWith(text.slice(0, chosen.start)) && put.endsWith(text.slice(chosen.end)));
        assert.equal(
          meant(put.slice(chosen.start, put.length - (text.length - chosen.end))),
          meant(fragment),
        );

        const added = splice(text, [insertion(file, chosen, 'site', [fragment], layout)]);
        checkWellFormed(added, 'added');
        const before = file.children(chosen).map((child) => meaning(file, child));
        const grown = document(added);
        const parent = [...grown.walk(grown.root)].find(({ start }) => start === chosen.start) as XmlElement;
        const after = grown.children(parent).map((child) => meaning(grown, child));
        const last = file.children(chosen).findLastIndex((child) => child.name === 'site');
        assert.deepEqual(after, before.toSpliced(last + 1, 0, meant(fragment)));

        if (chosen === file.root) return;
        const less = splice(text, [removal(file, chosen)]);
        checkWellFormed(less, 'removed');
        const { end, text: nothing, start } = removal(file, chosen);
        assert.equal(nothing, '');
        assert.equal(text.slice(start, end).trim(), file.slice(chosen));
      }),
      { numRuns: 500 },
    );
  });
});
