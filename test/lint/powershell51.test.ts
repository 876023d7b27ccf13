import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { checkScripts, judgeEncoding, projectScripts } from '../../build/lint/scripts.ts';

interface Case {
  readonly script: string;
  /** What the one finding says; null for none. */
  readonly expected: RegExp | null;
  readonly isModule?: boolean;
}

const lacking: Readonly<Record<string, Case>> = {
  '??': { script: '$a = $b ?? 1', expected: /^\(1,6\): \?\? is not in the language/ },
  '??=': { script: '$a ??= 1', expected: /\?\?= is not/ },
  '?.': { script: '${a}?.Length', expected: /\?\. and \?\[\] is not/ },
  ternary: { script: '$a ? 1 : 2', expected: /the ternary operator is not/ },
  '&&': { script: 'Get-Item a && Get-Item b', expected: /&& and \|\| is not/ },
  'a background job': { script: 'Get-Item a &', expected: /&, which starts a job, is not/ },
  'a clean block': { script: 'function f { process { 1 } clean { 2 } }', expected: /the clean block is not/ },
  'a line that begins with a pipe': {
    script: "'a'\n| Out-Null",
    expected: /^\(2,1\): a line that begins with \|/,
  },
  'a number suffix': { script: '$a = 1u', expected: /the number 1u is not/ },
  'a suffix of a hexadecimal number': { script: '$a = 0xFFn', expected: /the number 0xFFn is not/ },
  'a binary number': { script: '$a = 0b101', expected: /the number 0b101 is not/ },
  '`u{}': { script: '"`u{2713}"', expected: /the escapes/ },
  'a parse error': { script: 'if (', expected: /Missing/ },
  '[semver]': { script: "[semver] '1.0.0'", expected: /^\(1,2\): the type semver is not/ },
  'System.Text.Json': {
    script: "[System.Text.Json.JsonDocument]::Parse('1')",
    expected: /the type System\.Text\.Json\.JsonDocument is not/,
  },
  'the type of an argument': {
    script: '[System.Collections.Generic.List[System.Half]]::new()',
    expected: /the type System\.Half is not/,
  },
  'the type of New-Object': {
    script: 'New-Object System.Collections.Generic.PriorityQueue',
    expected: /the type System\.Collections\.Generic\.PriorityQueue is not/,
  },
  GetRelativePath: {
    script: "[System.IO.Path]::GetRelativePath('a', 'b')",
    expected: /System\.IO\.Path has no GetRelativePath with 2 arguments/,
  },
  'a third argument of File.Move': {
    script: "[IO.File]::Move('a', 'b', $true)",
    expected: /System\.IO\.File has no Move with 3 arguments/,
  },
  ToHexString: {
    script: '[Convert]::ToHexString($bytes)',
    expected: /System\.Convert has no ToHexString with 1 argument in/,
  },
  'Kill(true)': { script: '$process.Kill($true)', expected: /no type in .* has Kill with 1 argument$/ },
  'ArgumentList of an unknown object': { script: '$start.ArgumentList', expected: /has ArgumentList$/ },
  'ArgumentList of a known object': {
    script: "$start = [System.Diagnostics.ProcessStartInfo]::new()\n$start.ArgumentList.Add('a')",
    expected: /^\(2,8\): System\.Diagnostics\.ProcessStartInfo has no ArgumentList/,
  },
  'a member of a typed parameter': {
    script: 'function f { param([datetime] $Time) $Time.Microsecond }',
    expected: /System\.DateTime has no Microsecond/,
  },
  'string.Contains with a comparison': {
    script: "'a'.Contains('A', [System.StringComparison]::OrdinalIgnoreCase)",
    expected: /System\.String has no Contains with 2 arguments/,
  },
  'an attribute': {
    script: 'param([ValidateNotNullOrWhiteSpace()] $A)',
    expected: /the type ValidateNotNullOrWhiteSpace/,
  },
  "an attribute's argument": {
    script: "param([ValidateSet('a', ErrorMessage = 'b')] $A)",
    expected: /\[ValidateSet\(\)\] takes no ErrorMessage/,
  },
  'a command': { script: 'Get-Uptime', expected: /the command Get-Uptime is not/ },
  'a parameter': { script: 'ConvertFrom-Json $a -AsHashtable', expected: /no parameter ashashtable/ },
  'an encoding': { script: 'Set-Content a b -Encoding utf8NoBOM', expected: /encoding utf8NoBOM in/ },
  'an automatic variable': { script: 'if ($IsWindows) { 1 }', expected: /\$IsWindows does not exist/ },
  'another module': { script: 'Get-Item a', expected: /the engine's only, not Get-Item/, isModule: true },
  'text without a byte order mark': { script: "\n'd\u00e9j\u00e0'", expected: /^\(2,3\): text beyond ASCII/ },
};

const present: Readonly<Record<string, string>> = {
  constructors:
    '[System.Text.UTF8Encoding]::new($false); [guid]::new(); [System.Collections.Generic.Queue[string]]::new()',
  'any number of arguments':
    "[System.IO.Path]::Combine('a', 'b', 'c', 'd', 'e'); 'a b'.Split([char[]] @(' '), 2)",
  'a static member of a base':
    '[System.Net.Sockets.TcpClient]::Equals(1, 1); [System.Text.UTF8Encoding]::UTF8',
  "a dictionary's keys": '$a = @{ Half = 1 }; ([hashtable] $a).Half; ([ordered] @{ B = 1 }).B',
  "an XML document's elements": "([xml] '<a><b/></a>').a.b",
  accelerators:
    "[int] 1; [psobject] 1; [pscustomobject] @{ A = 1 }; [xml] '<a/>'; [securestring] $a; [type] 'int'",
  attributes:
    "[CmdletBinding(DefaultParameterSetName = 'a')] param([Parameter(Mandatory)] [Alias('b')] [switch] $A)",
  'an abbreviated parameter': 'Get-ChildItem . -Rec -ErrorA SilentlyContinue -ea Stop',
  'programs and aliases': 'robocopy.exe a b; dir | where Name',
  "a type's own members": "[string].GetMethod('Trim'); [int].FullName",
  'a type with arguments in a text': "New-Object 'System.Collections.Generic.List[string]'",
  'a used namespace': 'using namespace System.Text\n[StringBuilder]::new()',
  'a class': 'class Point { [int] $X; [int] Twice() { return 2 * $this.X } }\n[Point]::new().Twice()',
  'a script for PowerShell 7': '#requires -Version 7.0\n$a ?? 1',
  'numbers and escapes': '0x1F; 10kb; 1L; 1.5d; 1e3; "``e"; "`t"',
};

describe('The check for Windows PowerShell 5.1', function () {
  this.timeout(60_000);
  let folder: string;
  const findings = new Map<string, string[]>();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'iisfailover-lint-'));
    const cases = [
      ...Object.values(lacking),
      ...Object.values(present).map((script): Case => ({ script, expected: null })),
    ];
    const scripts = cases.map(({ script, isModule = false }, index) => {
      const path = join(folder, `${index}.ps1`);
      writeFileSync(path, script);
      return { path, script, isModule };
    });
    const found = checkScripts(scripts);
    for (const { path, script } of scripts) {
      const start = `${basename(path)}(`;
      const own = found.filter((text) => basename(text).startsWith(start) || text.includes(`/${start}`));
      findings.set(
        script,
        own.map((text) => text.slice(text.indexOf(start) + start.length - 1)),
      );
    }
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [title, { script, expected }] of Object.entries(lacking)) {
    it(`finds ${title}, and nothing else`, () => {
      const [first = '', ...others] = findings.get(script) ?? [];
      assert.match(first, expected ?? /^$/);
      assert.deepEqual(others, []);
    });
  }

  for (const [title, script] of Object.entries(present)) {
    it(`passes ${title}`, () => assert.deepEqual(findings.get(script), []));
  }

  it('passes every script of the project, the module among them', () => {
    const scripts = projectScripts();
    const names = scripts.map(({ path }) => basename(path));
    for (const name of ['IisFailover.psm1', 'IisFailover.psd1', 'Test-Windows.ps1'])
      assert.ok(names.includes(name));
    assert.deepEqual(checkScripts(scripts), []);
  });

  it('takes text beyond ASCII behind a byte order mark', () => {
    assert.deepEqual(judgeEncoding(Buffer.from('\uFEFF# \u00e9')), []);
  });
});
