import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eachEngine } from '../support/engines.ts';
import { sampleSessions } from './sample-session.ts';

const secret = (text: string): string =>
  `([System.Net.NetworkCredential]::new('', '${text}').SecurePassword)`;

eachEngine('What crosses the bridge', (engine) => {
  const sessions = sampleSessions(engine);
  const { lines } = sessions;

  const echo = async (call: string): Promise<unknown> => {
    const [json = ''] = await lines(`(${call}).Text`);
    return JSON.parse(json);
  };

  it('sends no parameter that was not given', async () => {
    assert.deepEqual(await echo('Get-SampleEcho -Verbose:$false -ErrorVariable e'), {});
  });

  it('sends each type of parameter, paths made absolute', async () => {
    const received = await echo(
      "Get-SampleEcho a, 'b*' -Term 'it''s \u201eü\u201c' -Choice two -Path ./x -Paths ., y -Count 3 -Fast:$false " +
        "-Map @{ 'C:\\a' = 1 } -Wait ([timespan]::FromSeconds(1.5))",
    );
    assert.deepEqual(received, {
      Name: ['a', 'b*'],
      Word: "it's \u201eü\u201c",
      Choice: 'Two',
      Path: join(sessions.folder, 'x'),
      Paths: [sessions.folder, join(sessions.folder, 'y')],
      Count: 3,
      Fast: false,
      Map: { 'C:\\a': 1 },
      Wait: 1500,
    });
  });

  it('sends secrets of secure strings and credentials', async () => {
    const script = `(Get-SampleEcho -Password ${secret('p<ü>')} -Credential ([pscredential]::new('me', ${secret('q"')}))).Text`;
    const [json = '', ...secrets] = await lines(script);
    assert.deepEqual(JSON.parse(json), {
      Credential: { userName: 'me', password: '********' },
      Password: '********',
    });
    assert.deepEqual(secrets, ['password p<ü>', 'credential q"']);
  });

  it('sends credentials and secure strings by name', async () => {
    const map = `@{ 'EX\\svc' = [pscredential]::new('me', ${secret('q"')}); Pool = ${secret('ü')} }`;
    const [json = '', ...secrets] = await lines(`(Get-SampleEcho -Credentials ${map}).Text`);
    assert.deepEqual(JSON.parse(json), {
      Credentials: { 'EX\\svc': { userName: 'me', password: '********' }, Pool: { password: '********' } },
    });
    assert.deepEqual(secrets.sort(), ['EX\\svc q"', 'Pool ü']);
  });

  for (const [what, map, words] of [
    ['a text among credentials', "-Credentials @{ a = 'clear' }", /-Credentials: the value of a is neither/],
    ['a secure string where none is taken', `-Map @{ a = ${secret('s')} }`, /^$/],
  ] as const)
    it(`never shows ${what}`, async () => {
      const shown = await lines(`try { (Get-SampleEcho ${map}).Text } catch { $_.Exception.Message }`);
      assert.match(shown.filter((line) => !line.startsWith('{')).join(''), words);
      assert.doesNotMatch(shown.join(''), /clear/);
    });

  it('takes names from the pipeline, by value and by property, as one call', async () => {
    assert.deepEqual(await echo("'a', 'b' | Get-SampleEcho"), { Name: ['a', 'b'] });
    const objects = "([pscustomobject]@{ Name = 'a' }), ([pscustomobject]@{ Name = 'b' })";
    assert.deepEqual(await echo(`${objects} | Get-SampleEcho`), { Name: ['a', 'b'] });
  });

  it('calls nothing where the pipeline is empty', async () => {
    assert.deepEqual(await lines('@() | Get-SampleEcho; "end"'), ['end']);
  });

  it('refuses values outside of the choices and the range before anything is sent', async () => {
    for (const call of ['Get-SampleEcho -Choice Three', 'Get-SampleEcho -Count 10']) {
      const script = `try { ${call} } catch { $_.FullyQualifiedErrorId }`;
      assert.deepEqual(await lines(script), ['ParameterArgumentValidationError,Get-SampleEcho']);
    }
  });

  it('brings 10,000 objects with their types, in order', async () => {
    const script = `$all = Get-SampleNumber 10000
      $all.Count; $all[0].Name; $all[9999].Number; $all[9999].PSTypeNames[0]
      foreach ($p in 'Number', 'Time', 'Duration', 'Factor') { $all[9999].$p.GetType().Name }
      $all[41].Factor -join ','; $all[0].Time.ToUniversalTime().Year; $all[0].Duration.TotalSeconds`;
    const types = ['Int32', 'DateTime', 'TimeSpan', 'ArrayList'];
    const first = ['10000', 'number 1', '10000', 'Deserialized.IisFailover.SampleNumber'];
    assert.deepEqual(await lines(script), [...first, ...types, '4,2', '1970', '1.5']);
  });

  it('shows objects in their own view', async () => {
    const { stdout } = await sessions.run('Get-SampleNumber 2');
    assert.equal(
      stdout.replace(/[ \r]+$/gm, '').trim(),
      'Number Called\n------ ------\n       1 number 1\n       2 number 2'
        .replace(/^(Number|------)/gm, '  $1')
        .trim(),
    );
  });

  it('keeps the streams apart and in order, and stray output of a library out of all', async () => {
    const script = `Write-Sample -Verbose -ErrorAction Continue 2>&1 3>&1 4>&1 | ForEach-Object {
      if ($_ -is [System.Management.Automation.PSObject] -and $_.PSObject.Properties['Text']) { 'out' } else { $_.GetType().Name + ' ' + $_ }
    }`;
    assert.deepEqual(await lines(script), [
      'VerboseRecord verbose ü',
      'out',
      'WarningRecord warning',
      'ErrorRecord There is no a.txt',
      'ErrorRecord No room for b.txt',
      'out',
    ]);
  });

  it('shows progress, and its end', async () => {
    const script = `$state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
      $shell = [System.Management.Automation.PowerShell]::Create($state)
      [void] $shell.AddScript("Import-Module '${sessions.module.manifest}'; Write-Sample")
      [void] $shell.Invoke()
      foreach ($p in $shell.Streams.Progress) {
        if ($p.Activity -eq 'Counting') { "$($p.RecordType) $($p.PercentComplete) $($p.SecondsRemaining) $($p.StatusDescription)" }
      }
      $shell.Runspace.Dispose()`;
    assert.deepEqual(await lines(script), ['Processing 50 -1  ', 'Completed -1 -1 done']);
  });

  it('takes the objects of one cmdlet as the input of another, as one call', async () => {
    assert.deepEqual(await echo('Get-SampleNumber 130 | Get-SampleEcho'), {
      Name: Array.from({ length: 130 }, (_, index) => `number ${index + 1}`),
    });
  });

  it('keeps every character of a text', async () => {
    const script =
      '$all = Write-Sample -ErrorAction SilentlyContinue 3>$null; [string][int[]][char[]]$all[1].Text';
    const text = 'last \u{1f600} _x0041_\r\n\u0001';
    const codes = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    assert.deepEqual(await lines(script), [codes.join(' ')]);
  });

  const describeError =
    '{ $_.FullyQualifiedErrorId; $_.Exception.Message; $_.CategoryInfo.Category; $_.TargetObject; $_.ErrorDetails.RecommendedAction }';

  it('reports an error for each item that failed, with id, category, target and remedy', async () => {
    const script = `$out = Write-Sample -ErrorAction SilentlyContinue -ErrorVariable all 3>$null
      $all.Count; $all[1] | ForEach-Object ${describeError}`;
    assert.deepEqual(await lines(script), [
      '2',
      'DiskFull,Write-Sample',
      'No room for b.txt',
      'WriteError',
      'b.txt',
      'Free space on the volume and run the command again; the file named was left as it was.',
    ]);
  });

  it('stops at the first of them with -ErrorAction Stop, and the next call works', async () => {
    const script = `try { Write-Sample 3>$null | ForEach-Object { 'out' } } catch { $_.FullyQualifiedErrorId }
      (Get-SampleEcho).Text`;
    assert.deepEqual(await lines(script), ['out', 'FileNotFound,Write-Sample', '{}']);
  });

  it('ends with a terminating error where the command could not go on', async () => {
    const script = `try { Test-SampleFault Refusal | ForEach-Object { $_.Text } } catch ${describeError}`;
    assert.deepEqual(await lines(script), [
      'before',
      'SettingsInvalid,Test-SampleFault',
      'Line 7 is wrong',
      'InvalidData',
      'failover.json',
      'Correct the named lines; Test-FailoverSetting checks the file.',
    ]);
  });

  it('survives a defect of a command', async () => {
    const script = `try { Test-SampleFault Defect | ForEach-Object { $_.Text } } catch { $_.FullyQualifiedErrorId }; (Get-SampleEcho).Text`;
    assert.deepEqual(await lines(script), ['before', 'Internal,Test-SampleFault', '{}']);
  });

  it('passes an error of a command further down the pipeline on as it is', async () => {
    const script =
      "try { Get-SampleNumber 3 | ForEach-Object { throw 'mine' } } catch { $_.FullyQualifiedErrorId }";
    assert.deepEqual(await lines(script), ['mine']);
  });

  it('serves calls within the pipeline of another call, of which each gets its own replies', async () => {
    const script = `Get-SampleNumber 200 | ForEach-Object {
      $n = $_.Number
      if ($n % 66 -eq 0) { (Get-SampleEcho -Word "w$n").Text; @(Get-SampleNumber 150).Count }
    }`;
    assert.deepEqual(
      await lines(script),
      [66, 132, 198].flatMap((n) => [`{"Word":"w${n}"}`, '150']),
    );
  });

  describe('a plan', () => {
    const log = (): Promise<string> => readFile(join(sessions.folder, 'log'), 'utf8');
    const whatIf = ['a', 'b', 'c'].map(
      (id) => `What if: Performing the operation "Update ${id}" on target "site ${id}".`,
    );

    it('is printed step by step and leaves no trace under -WhatIf, however it is asked for', async () => {
      assert.deepEqual(await lines('Update-Sample -Log ./log -WhatIf'), whatIf);
      assert.deepEqual(await lines('$WhatIfPreference = $true; Update-Sample -Log ./log'), whatIf);
      assert.equal(existsSync(join(sessions.folder, 'log')), false);
    });

    it('is applied whole and without a question with -Confirm:$false', async () => {
      const script = '(Update-Sample -Log ./log -Confirm:$false).Text';
      assert.deepEqual(await lines(script), ['site a', 'site b', 'site c']);
      assert.equal(await log(), 'apply a,b,c\n');
    });

    it('is applied as far as the answers approve it', async () => {
      const result = await sessions.ask('(Update-Sample -Log ./log).Text', 'y\nn\ny\n');
      assert.match(result.stdout, /"Update b" on target "site b"/);
      assert.equal(await log(), 'apply a,c\n');
    });

    it('is not applied where a question cannot be asked', async () => {
      const script = 'try { Update-Sample -Log ./log } catch { "refused" }; (Get-SampleEcho).Text';
      assert.deepEqual(await lines(script), ['refused', '{}']);
      assert.equal(existsSync(join(sessions.folder, 'log')), false);
    });
  });
});
