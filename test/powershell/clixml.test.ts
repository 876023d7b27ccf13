import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { output } from '../../src/commands/output.ts';
import { decodeClixml } from '../../src/protocol/clixml-decode.ts';
import { ClixmlDocument, encodeClixml } from '../../src/protocol/clixml-encode.ts';
import { TimeSpan } from '../../src/protocol/time-span.ts';
import { eachEngine } from '../support/engines.ts';
import { runPwsh } from '../support/pwsh.ts';
import { temporaryFolder } from '../support/tree.ts';

/** What the wrapper does with its payloads. */
const oneLine =
  '[System.Management.Automation.PSSerializer]::Serialize($value, 6).Replace("`r", \'\').Replace("`n", \'\')';

const awkwardTexts = [
  '',
  ' ',
  ' leading and trailing ',
  '_x0041_ _X0041_ _x _xZZ_',
  'one\r\ntwo\nthree\rfour\tfive',
  '\0\u0001\u001e\u001f\u007f\u0085\u009f',
  '\u{1f600} \ud800 \udc00\ud800',
  '<a href="x">&amp; \' ]]></a>',
  '\u00e9\u2018\u2019\u2028\u2029\ufeff',
];
/** PSSerializer refuses U+FFFE and U+FFFF, which no administrator can type. */
const anyText = fc
  .array(
    fc.integer({ min: 0, max: 0xfffd }).map((unit) => String.fromCharCode(unit)),
    { minLength: 1 },
  )
  .map((units) => units.join(''));

const values: readonly unknown[] = [
  ...awkwardTexts,
  ...fc.sample(anyText, { numRuns: 50, seed: 1 }),
  true,
  0,
  -(2 ** 31) + 1,
  2 ** 31,
  -9007199254740993n,
  0.1,
  -Infinity,
  NaN,
  5e-324,
  Number.MAX_VALUE,
  new Date('2003-05-06T07:08:09.123Z'),
  new Date('0001-01-03T00:00:00Z'),
  new Date('9999-12-29T23:59:59.999Z'),
  new TimeSpan(-1.5),
  new TimeSpan(90_061_001),
  Uint8Array.of(0, 1, 255),
  null,
  [],
  ['a', [1, null], new Map<string, unknown>([['k_x0041_\n', ['v']]])],
  new Map([['a', new Map([['b', new Map([['c', 'deep']])]])]]),
];

eachEngine('CLIXML', (engine) => {
  const folder = temporaryFolder();

  it('comes back from PSSerializer as it was, each value on one line', async () => {
    const file = join(folder.path, 'values.txt');
    await writeFile(file, values.map((value) => encodeClixml(value)).join('\n'));
    const script = `foreach ($line in [System.IO.File]::ReadAllLines('${file}')) {
      $value = [System.Management.Automation.PSSerializer]::DeserializeAsList($line)[0]
      [Console]::Out.WriteLine(${oneLine}) }`;
    const { stdout, stderr } = await runPwsh(script, { engine });
    assert.equal(stderr, '');
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, values.length);
    for (const [index, line] of lines.entries()) assert.deepEqual(decodeClixml(line), [values[index]], line);
  });

  it('gives parameters their types in TypeScript', async () => {
    const script = `$wrapped = [psobject]::AsPSObject('text')
      $wrapped.PSObject.Properties.Add([psnoteproperty]::new('Note', 1))
      $shared = @('x')
      $list = [System.Collections.Generic.List[string]]::new(); $list.Add('y')
      $value = [ordered]@{
        Wrapped = $wrapped; Array = 1, 'a'; ArrayList = [System.Collections.ArrayList] @(2); List = $list
        Long = [long]::MinValue; Byte = [byte] 1; Char = [char] 'c'; Decimal = 1.50d; Single = [single] 0.5
        Utc = [datetime]::SpecifyKind([datetime] '2003-05-06T07:08:09', 'Utc'); Span = [timespan]::FromSeconds(1.5)
        Version = [version] '1.2'; Null = $null; Switch = [switch] $true; Enum = [dayofweek] 'Friday'
        Nested = @{ A = @{ B = @{ C = 1 } } }; Shared = $shared; Again = $shared
        Object = [pscustomobject] @{ "Property\`nwith a break" = 1 } }
      [Console]::Out.WriteLine(${oneLine})`
      .replace(/\n +/g, '; ')
      .replace(/@\{; /, '@{ ');
    const { stdout, stderr } = await runPwsh(script, { engine });
    assert.equal(stderr, '');
    const [value] = decodeClixml(stdout.trim()) as [Map<string, unknown>];
    const { Switch, Object: object, ...rest } = Object.fromEntries(value);
    assert.deepEqual(rest, {
      Wrapped: 'text',
      Array: [1, 'a'],
      ArrayList: [2],
      List: ['y'],
      Long: -(2n ** 63n),
      Byte: 1,
      Char: 'c',
      Decimal: 1.5,
      Single: 0.5,
      Utc: new Date('2003-05-06T07:08:09Z'),
      Span: new TimeSpan(1500),
      Version: '1.2',
      Null: null,
      Enum: 5,
      Nested: new Map([['A', new Map([['B', new Map([['C', 1]])]])]]),
      Shared: ['x'],
      Again: ['x'],
    });
    assert.deepEqual({ ...(object as object) }, { 'Property\nwith a break': 1 });
    assert.deepEqual({ ...(Switch as object) }, { IsPresent: true });
  });

  it('gives output its types in PowerShell', async () => {
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
        Objects: { type: 'object[]', help: '' },
        Nothing: { type: 'int', help: '' },
      },
      [],
    );
    const document = new ClixmlDocument();
    const time = new Date('2003-05-06T07:08:09.123Z');
    const object = {
      Text: '\u{1f600}_x0041_',
      Flag: true,
      Count: 1,
      Size: 1,
      Share: 1,
      Time: time,
      Span: 1500,
    };
    for (const Count of [1, 2])
      document.addTyped(definition, { ...object, Count, List: ['a'], Objects: [{ A: 1 }], Nothing: null });
    const script = `$objects = [System.Management.Automation.PSSerializer]::DeserializeAsList('${document.toString()}')
      foreach ($object in $objects) {
        [Console]::Out.WriteLine($object.PSObject.TypeNames[0] + ' ' + ($object -is [pscustomobject]))
        foreach ($property in $object.PSObject.Properties) {
          $type = 'null'; if ($null -ne $property.Value) { $type = $property.Value.GetType().Name }
          [Console]::Out.WriteLine($property.Name + ' ' + $type) } }
      [Console]::Out.WriteLine(($object.Text -ceq [char]::ConvertFromUtf32(0x1F600) + '_x0041_'))
      [Console]::Out.WriteLine($object.Time.Kind.ToString() + ' ' + $object.Time.ToUniversalTime().ToString('o'))
      [Console]::Out.WriteLine($object.Span.TotalMilliseconds.ToString() + ' ' + $object.Objects[0].A)`;
    const { stdout, stderr } = await runPwsh(script, {
      engine,
      env: { TZ: 'Asia/Tokyo' },
    });
    assert.equal(stderr, '');
    const each = [
      'Deserialized.IisFailover.Sample True',
      'Text String',
      'Flag Boolean',
      'Count Int32',
      'Size Int64',
      'Share Double',
      'Time DateTime',
      'Span TimeSpan',
      'List ArrayList',
      'Objects ArrayList',
      'Nothing null',
    ];
    assert.deepEqual(stdout.trim().split('\n'), [
      ...each,
      ...each,
      'True',
      'Local 2003-05-06T07:08:09.1230000Z',
      '1500 1',
    ]);
  });
});
