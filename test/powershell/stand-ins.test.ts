import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eachEngine, engineHost } from '../support/engines.ts';
import { runPwsh } from '../support/pwsh.ts';
import { temporaryFolder } from '../support/tree.ts';

// The engine host's stand-ins must do what the cmdlets of a real PowerShell do: the same expectations for both.
const expectations: readonly (readonly [title: string, script: string, output: string])[] = [
  ['Write-Output enumerates', 'Write-Output 1 2 | ForEach-Object { "<$_>" }', '<1>\n<2>\n'],
  ['Select-Object picks properties', "'ab' | Select-Object Length | ForEach-Object { $_.Length }", '2\n'],
  [
    'Select-Object computes properties',
    "'ab' | Select-Object @{ Name = 'Twice'; Expression = { $_.Length * 2 } } | ForEach-Object { $_.Twice }",
    '4\n',
  ],
  ['Select-Object expands', "'ab', 'c' | Select-Object -ExpandProperty Length", '2\n1\n'],
  ['Select-Object takes ends', '1..9 | Select-Object -First 1; 1..9 | Select-Object -Last 1', '1\n9\n'],
  [
    'Select-Object -First stops the commands before it',
    '$script:n = 0; 1..9 | ForEach-Object { $script:n++; $_ } | Select-Object -First 1 -Skip 1; $script:n',
    '2\n2\n',
  ],
  ['Select-Object skips', '1..4 | Select-Object -Skip 2', '3\n4\n'],
  ['Select-Object drops repetitions', '1, 1, 2 | Select-Object -Unique', '1\n2\n'],
  ['Sort-Object sorts numbers as numbers', '10, 9, 100 | Sort-Object', '9\n10\n100\n'],
  [
    'Sort-Object sorts by property',
    "'bb', 'a' | Sort-Object Length; 'a', 'bb' | Sort-Object Length -Descending",
    'a\nbb\nbb\na\n',
  ],
  ['Measure-Object counts', "('a', 'b' | Measure-Object).Count", '2\n'],
  ['Measure-Object sums', "('a', 'bb' | Measure-Object Length -Sum).Sum", '3\n'],
  ['New-Object takes arguments', '(New-Object Version 1, 2).ToString()', '1.2\n'],
  ['New-Object takes properties', '(New-Object PSObject -Property @{ a = 1 }).a', '1\n'],
  ['Get-Date formats', "Get-Date -Date ([datetime]'2003-05-06') -Format 'yyyyMMdd'", '20030506\n'],
  ['Join-Path joins', "(Join-Path a b).Replace('\\', '/')", 'a/b\n'],
  ['Split-Path takes the last part', "Split-Path 'a/b.txt' -Leaf", 'b.txt\n'],
  [
    'ConvertTo-SecureString makes a password',
    "$s = ConvertTo-SecureString 'p w' -AsPlainText -Force; [pscredential]::new('u', $s).GetNetworkCredential().Password",
    'p w\n',
  ],
  [
    'Format-Table and Out-String make text',
    "(([pscustomobject]@{ A = 1; B = 'x' }) | Format-Table | Out-String).Trim() -replace ' +', ' ' -replace \"`r\"",
    'A B\n- -\n1 x\n',
  ],
  [
    'Format-List and Out-String make lines',
    '[pscustomobject]@{ A = 1 } | Format-List | Out-String -Stream | Where-Object { $_ }',
    'A : 1\n',
  ],
];

eachEngine('Everyday cmdlets', (engine) => {
  const folder = temporaryFolder();

  for (const [title, script, output] of expectations) {
    it(title, async () => {
      const result = await runPwsh(script, { engine });
      assert.deepEqual([result.stderr, result.stdout.replaceAll('\r', '')], ['', output]);
    });
  }

  it('makes, lists, reads and removes files', async () => {
    await writeFile(join(folder.path, 'a.txt'), 'one\ntwo\n');
    const script = `
      $null = New-Item -ItemType Directory -Path sub
      'x', 'y' | Set-Content -Path sub/b.txt
      Get-ChildItem -Recurse -File | Sort-Object Name | ForEach-Object { $_.Name }
      Get-Content a.txt -Tail 1
      (Get-Content sub/b.txt -Raw).Replace([Environment]::NewLine, '|')
      Test-Path sub -PathType Container; Test-Path sub -PathType Leaf
      Push-Location sub; Test-Path b.txt; Pop-Location
      Remove-Item sub -Recurse -Confirm:$false; Test-Path sub`;
    const { stdout, stderr } = await runPwsh(script.trim().replaceAll('\n', ';'), {
      engine,
      cwd: folder.path,
    });
    assert.equal(stderr, '');
    assert.deepEqual(stdout.trim().split(/\r?\n/), [
      'a.txt',
      'b.txt',
      'two',
      'x|y|',
      'True',
      'False',
      'True',
      'False',
    ]);
  });

  it('removes nothing with -WhatIf', async () => {
    await writeFile(join(folder.path, 'kept.txt'), '');
    const { stdout } = await runPwsh('Remove-Item kept.txt -WhatIf; Test-Path kept.txt', {
      engine,
      cwd: folder.path,
    });
    assert.match(stdout, /^What if: .*kept\.txt.*\nTrue\n$/);
  });

  it('reports a missing file and goes on', async () => {
    const { code, stdout, stderr } = await runPwsh("Get-Content none.txt; 'after'", {
      engine,
      cwd: folder.path,
    });
    assert.deepEqual([code, stdout.trim()], [0, 'after']);
    assert.match(stderr, /none\.txt/);
  });
});

describe('The bare engine', () => {
  it('has no stand-ins with IISFAILOVER_ENGINE_ONLY=1', async () => {
    const script = 'Where-Object -InputObject 1 { $true }; Write-Output 2';
    const { stdout, stderr } = await runPwsh(script, {
      engine: engineHost,
      env: { IISFAILOVER_ENGINE_ONLY: '1' },
    });
    assert.equal(stdout, '1\n');
    assert.match(stderr, /Write-Output.* is not recognized/);
  });
});
