import assert from 'node:assert/strict';
import fc from 'fast-check';
import { output } from '../../src/commands/output.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { decodeClixml } from '../../src/protocol/clixml-decode.ts';
import { ClixmlDocument, encodeClixml } from '../../src/protocol/clixml-encode.ts';
import { escapeText, unescapeText } from '../../src/protocol/clixml-text.ts';
import { TimeSpan } from '../../src/protocol/time-span.ts';

const open = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">';
const document = (content: string): string => `${open}${content}</Objs>`;
const decodeOne = (content: string): unknown => decodeClixml(document(content))[0];

/** Any UTF-16 text: control characters, lone surrogates, and what looks like an escape. */
const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom('_x0041_', '_X', '_x', '\r\n', '\u{1f600}', '&amp;', ']]>', '"', "'", '<'),
    ),
  )
  .map((parts) => parts.join(''));

describe('CLIXML text', () => {
  it('escapes what XML cannot carry, and an underscore that would start an escape', () => {
    const cases: [string, string][] = [
      ['plain text_1 _y', 'plain text_1 _y'],
      ['_x0041_', '_x005F_x0041_'],
      ['_X', '_x005F_X'],
      ['a\r\nb\tc\0', 'a_x000D__x000A_b_x0009_c_x0000_'],
      ['\u00e9\u{1f600}\ud800', '_x00E9__xD83D__xDE00__xD800_'],
      ['<a href="&">', '&lt;a href=&quot;&amp;&quot;&gt;'],
    ];
    for (const [text, escaped] of cases) assert.equal(escapeText(text), escaped);
  });

  it('reads escapes of either case, and leaves alone what is none', () => {
    assert.equal(unescapeText('_x000a__X00e9__x12_ _xZZZZ_ _'), '\n\u00e9_x12_ _xZZZZ_ _');
  });

  it('is one line of printable ASCII for any text, and comes back as it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = encodeClixml(text);
        assert.match(line, /^[\x20-\x7e]*$/);
        assert.deepEqual(decodeClixml(line), [text]);
      }),
    );
  });
});

describe('The CLIXML encoder', () => {
  it('goes by the class of a value', () => {
    const cases: [unknown, string][] = [
      ['a', '<S>a</S>'],
      [true, '<B>true</B>'],
      [1, '<I32>1</I32>'],
      [-(2 ** 31), '<I64>-2147483648</I64>'],
      [2 ** 31, '<I64>2147483648</I64>'],
      [9007199254740993n, '<I64>9007199254740993</I64>'],
      [0.5, '<Db>0.5</Db>'],
      [-0, '<Db>-0</Db>'],
      [-Infinity, '<Db>-INF</Db>'],
      [NaN, '<Db>NaN</Db>'],
      [new Date(0), '<DT>1970-01-01T00:00:00.000+00:00</DT>'],
      [new TimeSpan(90_061_500), '<TS>P1DT1H1M1.5S</TS>'],
      [Uint8Array.of(1, 2, 255), '<BA>AQL/</BA>'],
      [null, '<Nil />'],
      [undefined, '<Nil />'],
      [['a', 1], '<Obj><LST><S>a</S><I32>1</I32></LST></Obj>'],
      [new Map([['k', 1]]), '<Obj><DCT><En><S N="Key">k</S><I32 N="Value">1</I32></En></DCT></Obj>'],
      [{ A: 1, 'B"': null }, '<Obj><MS><I32 N="A">1</I32><Nil N="B&quot;" /></MS></Obj>'],
    ];
    for (const [value, element] of cases) assert.equal(encodeClixml(value), document(element));
  });

  it('goes by the definition of an output type, and names the type once', () => {
    const definition = output(
      'IisFailover.Sample',
      {
        Text: { type: 'string', help: '' },
        Flag: { type: 'bool', help: '' },
        Count: { type: 'int', help: '' },
        Size: { type: 'long', help: '' },
        Share: { type: 'double', help: '' },
        Time: { type: 'datetime', help: '' },
        Span: { type: 'timespan', help: '' },
        List: { type: 'string[]', help: '' },
      },
      [],
    );
    const objects = new ClixmlDocument();
    const object = { Text: 'x', Flag: false, Count: 1, Size: 1, Share: 1, Time: new Date(0), Span: 1 };
    objects.addTyped(definition, { ...object, List: [] });
    objects.addTyped(definition, { ...object, Text: null, List: ['a'] });
    const members = (text: string, list: string): string =>
      `<MS>${text}<B N="Flag">false</B><I32 N="Count">1</I32><I64 N="Size">1</I64><Db N="Share">1</Db>` +
      '<DT N="Time">1970-01-01T00:00:00.000+00:00</DT><TS N="Span">P0DT0H0M0.001S</TS>' +
      `<Obj N="List"><LST>${list}</LST></Obj></MS>`;
    assert.equal(
      objects.toString(),
      document(
        '<Obj><TN RefId="0"><T>IisFailover.Sample</T><T>System.Management.Automation.PSCustomObject</T>' +
          `<T>System.Object</T></TN>${members('<S N="Text">x</S>', '')}</Obj>` +
          `<Obj><TNRef RefId="0" />${members('<Nil N="Text" />', '<S>a</S>')}</Obj>`,
      ),
    );
    assert.equal(objects.count, 2);
  });

  it('refuses values that their type cannot hold, rather than let PowerShell stumble over them', () => {
    const definition = output('T', { N: { type: 'int', help: '' }, D: { type: 'datetime', help: '' } }, []);
    const encode = (value: object) => new ClixmlDocument().addTyped(definition, value as never);
    assert.throws(() => encode({ N: 2 ** 31, D: null }), /2147483648 is no 32-bit integer/);
    assert.throws(() => encode({ N: 1.5, D: null }), /1.5 is no 32-bit integer/);
    assert.throws(() => encode({ N: 1, D: new Date(NaN) }), RangeError);
    assert.throws(() => encode({ N: 1, D: new Date(8.64e15) }), /is no \[datetime\]/);
    assert.throws(() => encodeClixml(() => 1), /no form for a function/);
  });
});

describe('The CLIXML decoder', () => {
  it('reads what it writes', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        anyText,
        fc.boolean(),
        fc.double(),
        fc.maxSafeInteger(),
        fc.constant(null),
        fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
        fc.integer({ min: -1e12, max: 1e12 }).map((ms) => new TimeSpan(ms / 10)),
        fc.uint8Array(),
        fc.array(tie('any')),
        fc.array(fc.tuple(anyText, tie('any'))).map((entries) => new Map(entries)),
        fc
          .dictionary(anyText, tie('any'), { noNullPrototype: false })
          .map((o) => Object.assign(Object.create(null), o) as object),
      ),
    })).any;
    fc.assert(fc.property(value, (any) => assert.deepEqual(decodeClixml(encodeClixml(any)), [any])));
  });

  it('reads every primitive of PSSerializer', () => {
    const cases: [string, unknown][] = [
      ['<C>97</C>', 'a'],
      ['<By>255</By>', 255],
      ['<SB>-1</SB>', -1],
      ['<I16>-2</I16>', -2],
      ['<U16>2</U16>', 2],
      ['<U32>4294967295</U32>', 4294967295],
      ['<I64>9007199254740993</I64>', 9007199254740993n],
      ['<U64>5</U64>', 5],
      ['<Sg>1.5</Sg>', 1.5],
      ['<Db>INF</Db>', Infinity],
      ['<D>12.50</D>', 12.5],
      ['<B>false</B>', false],
      ['<Version>1.2.3</Version>', '1.2.3'],
      ['<G>792e5b37-4505-47ef-b7d2-8711bb7affa8</G>', '792e5b37-4505-47ef-b7d2-8711bb7affa8'],
      ['<URI>http://site1.com/</URI>', 'http://site1.com/'],
      ['<SBK>1 + 1_x000A_</SBK>', '1 + 1\n'],
      ['<XD>&lt;a /&gt;</XD>', '<a />'],
      ['<DT>2003-05-06T07:08:09.1234567Z</DT>', new Date('2003-05-06T07:08:09.123Z')],
      ['<DT>2003-05-06T07:08:09+02:00</DT>', new Date('2003-05-06T05:08:09Z')],
      ['<TS>-PT0.25S</TS>', new TimeSpan(-250)],
      ['<S />', ''],
    ];
    for (const [element, value] of cases) assert.deepEqual(decodeOne(element), value, element);
  });

  it('unwraps what PowerShell has wrapped', () => {
    const note = '<MS><S N="PSPath">x</S></MS>';
    assert.equal(decodeOne(`<Obj RefId="0"><S>text</S>${note}</Obj>`), 'text');
    assert.deepEqual(
      decodeOne(`<Obj RefId="0"><TN RefId="0"><T>X</T></TN><IE><I32>1</I32></IE>${note}</Obj>`),
      [1],
    );
    const enumeration = '<TN RefId="0"><T>System.DayOfWeek</T></TN><ToString>Monday</ToString><I32>1</I32>';
    assert.equal(decodeOne(`<Obj RefId="0">${enumeration}</Obj>`), 1);
  });

  it('follows references, also to an object that is not finished yet', () => {
    const shared = '<Obj RefId="1" N="A"><LST><S>x</S></LST></Obj><Ref N="B" RefId="1" />';
    const object = decodeOne(`<Obj RefId="0"><MS>${shared}<Ref N="Self" RefId="0" /></MS></Obj>`) as Record<
      string,
      unknown
    >;
    assert.deepEqual(object.A, ['x']);
    assert.equal(object.B, object.A);
    assert.equal(object.Self, object);
  });

  it('gives property names no power over the object they are in', () => {
    const object = decodeOne('<Obj><MS><S N="__proto__">x</S></MS></Obj>') as object;
    assert.equal(Object.getPrototypeOf(object), null);
    assert.deepEqual(Object.keys(object), ['__proto__']);
  });

  const refused: [string, string, RegExp][] = [
    ['no XML', 'garbage', /not well-formed/],
    ['a cut document', document('<S>x').slice(0, -10), /not well-formed/],
    ['another root', '<Other />', /no Objs/],
    ['an empty text', '', /./],
    ['a document type', `<!DOCTYPE Objs>${document('')}`, /DOCTYPE/],
    ['an unknown element', document('<New>1</New>'), /an unknown element/],
    ['an unknown reference', document('<Ref RefId="9" />'), /an unknown object/],
    ['a number that is none', document('<I32>1x</I32>'), /invalid I32/],
    ['a whole number with a fraction', document('<I64>1.5</I64>'), /invalid I64/],
    ['a whole number with an exponent', document('<U64>1e30</U64>'), /invalid U64/],
    ['a truth value that is none', document('<B>yes</B>'), /invalid B/],
    ['an empty number', document('<I32></I32>'), /invalid I32/],
    ['a time that is none', document('<DT>yesterday</DT>'), /invalid DT/],
    ['a time span that is none', document('<TS>1:00</TS>'), /invalid TS/],
    ['half an entry', document('<Obj><DCT><En><S N="Key">k</S></En></DCT></Obj>'), /incomplete En/],
  ];
  for (const [what, text, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => decodeClixml(text),
        (error) =>
          error instanceof FailoverError && error.id === 'ProtocolViolation' && message.test(error.message),
      );
    });
  }

  it('never quotes a document, which may hold a password', () => {
    const ways = ['<S>s3cret</S', '<S>&s3cret;</S>', '<s3cret>', '<s3cret />', '<I32>s3cret</I32>'];
    for (const text of [...ways, '<Ref RefId="s3cret" />'].map(document))
      assert.throws(
        () => decodeClixml(text),
        (error: Error) => !error.message.includes('s3cret'),
      );
  });
});
