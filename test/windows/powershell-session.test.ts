import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorId } from '../../src/model/error-catalog.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { Secret } from '../../src/model/secret.ts';
import { TimeSpan } from '../../src/protocol/time-span.ts';
import { formatCall } from '../../src/windows/cmdlet-call.ts';
import { PowerShellSession } from '../../src/windows/powershell-session.ts';
import { eachEngine } from '../support/engines.ts';
import { temporaryFolder } from '../support/tree.ts';

const sampleModule = `
function Get-Sample { [CmdletBinding()] param($Value) [pscustomobject]@{ Value = $Value; Type = "$($Value.GetType())" } }
function Get-Folder { [IO.DirectoryInfo]'/one/two/three' }
function Write-Noise {
    [Console]::Error.WriteLine('noise'); [Console]::Out.Write('no line'); Write-Warning 'careful'; 'result'
}
function Write-Fault { Write-Error 'half of it' -ErrorId Half; 'the other half' }
function Get-Secret {
    param($Plain, [string]$Text, [pscredential]$Credential)
    $password = $Credential.GetNetworkCredential().Password
    [pscustomobject]@{ Plain = $Plain; Text = $Text; User = $Credential.UserName; Password = $password }
}
function Get-Nothing { }
function Get-ShellId { $PID }
function Set-WindowsNewLine { [Console]::Out.NewLine = [Console]::Error.NewLine = "$([char]13)$([char]10)" }
function Stop-Shell { [Environment]::Exit(3) }
function Wait-Long { [Threading.Thread]::Sleep(60000) }
`;

eachEngine('cmdlets through node-powershell', ({ executable }) => {
  const session = new PowerShellSession({ executable });
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-'));
    await writeFile(join(folder, 'Sample.psm1'), sampleModule);
  });
  beforeEach(() => session.invoke('Import-Module', { Name: join(folder, 'Sample.psm1') }));
  after(async () => {
    await session.close();
    await rm(folder, { recursive: true });
  });

  for (const [type, value] of [
    ['string', 'text'],
    ['int', -7],
    ['long', 2 ** 40],
    ['double', 1.5],
    ['bool', false],
    ['datetime', new Date(0)],
    ['timespan', new TimeSpan(1500)],
    ['byte[]', Uint8Array.of(0, 255)],
    ['System.Collections.ArrayList', ['a', null, 3]],
    ['hashtable', new Map([['key', 'value']])],
  ] as const) {
    it(`gives and takes a [${type}]`, async () => {
      const [sample] = (await session.invoke('Get-Sample', { Value: value })) as [Record<string, unknown>];
      assert.deepEqual({ ...sample }, { Value: value, Type: type });
    });
  }

  it('gives secrets as text and as a credential, and none of them in its code', async () => {
    const secrets = {
      Text: new Secret("p\u00e4ss'\n`$(exit 9)"),
      Credential: { userName: 'CORP\\failover', password: new Secret('another') },
    };
    const [sample] = (await session.invoke('Get-Secret', { Plain: 1 }, { secrets })) as [
      Record<string, unknown>,
    ];
    assert.deepEqual(
      { ...sample },
      {
        Plain: 1,
        Text: "p\u00e4ss'\n`$(exit 9)",
        User: 'CORP\\failover',
        Password: 'another',
      },
    );
    const [code, line, ...more] = formatCall({
      command: 'a',
      parameters: {},
      secrets,
      depth: 1,
      marker: 'm',
    }).split('\n');
    assert.deepEqual(more, []);
    assert.match(Buffer.from(line ?? '', 'base64').toString(), /another/);
    for (const text of code?.match(/[A-Za-z0-9+/=]{8,}/g) ?? [])
      assert.doesNotMatch(Buffer.from(text, 'base64').toString(), /another/);
    assert.deepEqual(await session.invoke('Get-Nothing'), []);
  });

  it('takes every character of a value and of a parameter as data', async () => {
    for (const text of [
      `'"\`$(exit 9)`,
      '$env:PATH; exit 9 #',
      'a\r\n\r\nb\0\t',
      '’“–',
      'ä€😀 \ud800',
      '<&>_x0041_',
      '',
    ]) {
      assert.deepEqual((await session.invoke('Write-Output', { InputObject: text }))[0], text);
    }
    await rejects(session.invoke('Get-Sample', { 'Value; exit 9': 1 }), 'CmdletFailed', /Get-Sample failed/);
    await rejects(session.invoke('Get-Sample; exit 9'), 'CmdletMissing', /has no Get-Sample; exit 9/);
  });

  it('answers 200 calls of one process, given at once, in their order', async () => {
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    const answers = await Promise.all(
      numbers.map((number) => session.invoke('Get-Sample', { Value: number })),
    );
    assert.deepEqual(
      answers.map(([sample]) => (sample as { Value: number }).Value),
      numbers,
    );
  });

  it('returns a reply of many chunks whole', async () => {
    const text = 'ä'.repeat(1_000_000);
    assert.equal((await session.invoke('Write-Output', { InputObject: text }))[0], text);
  });

  it('returns an empty list where the cmdlet returns nothing', async () => {
    assert.deepEqual(await session.invoke('Get-Nothing'), []);
  });

  it('returns objects down to the depth asked for, and text below', async () => {
    const [shallow] = (await session.invoke('Get-Folder', {}, { depth: 1 })) as [{ Parent: unknown }];
    assert.match(String(shallow.Parent), /two$/);
    const [deep] = (await session.invoke('Get-Folder')) as [{ Parent: { Name: string; Parent: unknown } }];
    assert.equal(deep.Parent.Name, 'two');
    assert.match(String(deep.Parent.Parent), /one$/);
  });

  it('keeps the result apart from what the cmdlet prints, also to standard error', async () => {
    assert.deepEqual(await session.invoke('Write-Noise'), ['result']);
    assert.deepEqual(await session.invoke('Write-Noise'), ['result']);
  });

  it('sees the end of each reply where lines end in CRLF, as on Windows', async () => {
    const windows = new PowerShellSession({ executable });
    try {
      await windows.invoke('Import-Module', { Name: join(folder, 'Sample.psm1') });
      await windows.invoke('Set-WindowsNewLine');
      for (let call = 0; call < 50; call++) assert.deepEqual(await windows.invoke('Write-Noise'), ['result']);
    } finally {
      await windows.close();
    }
  });

  it("reports a terminating error with the cmdlet's message and goes on", async () => {
    await rejects(session.invoke('Get-Sample', { Wrong: 1 }), 'CmdletFailed', /Get-Sample failed: .*'Wrong'/);
    assert.deepEqual(await session.invoke('Write-Noise'), ['result']);
  });

  it('reports an error that PowerShell would go on after: a part is no result', () =>
    rejects(session.invoke('Write-Fault'), 'CmdletFailed', /^Write-Fault failed: half of it \(Half,/));

  it('says that a cmdlet is missing, and how to get it', async () => {
    const error = await rejects(
      session.invoke('Get-DnsServerNothing'),
      'CmdletMissing',
      /Get-DnsServerNothing/,
    );
    assert.match(error.remedy, /Install-WindowsFeature RSAT-DNS-Server/);
  });

  it('says that PowerShell has ended, and starts another for the next call', async () => {
    const calls = [session.invoke('Stop-Shell'), session.invoke('Write-Output', { InputObject: 1 })] as const;
    await rejects(calls[0], 'PowerShellEnded', /ended during Stop-Shell/);
    assert.deepEqual(await calls[1], [1]);
  });

  it('ends a call when its signal fires, and the process with it', async () => {
    const abort = new AbortController();
    const [pid] = (await session.invoke('Get-ShellId')) as [number];
    const call = session.invoke('Wait-Long', {}, { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await assert.rejects(call, { name: 'AbortError' });
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.deepEqual(await session.invoke('Write-Output', { InputObject: 1 }), [1]);
  });
});

describe('a PowerShell that is not there', () => {
  const folder = temporaryFolder();

  it('is named by the error, which says how to get one', async () => {
    const executable = join(folder.path, 'pwsh');
    const session = new PowerShellSession({ executable });
    const call = session.invoke('Write-Output');
    const error = await rejects(call, 'PowerShellNotFound', /Cannot run PowerShell as .*pwsh: /);
    assert.equal(error.target, executable);
    assert.match(error.remedy, /install PowerShell/);
    await session.close();
  });

  it('is told from a file that cannot be run', async () => {
    const executable = join(folder.path, 'pwsh');
    await writeFile(executable, '');
    await rejects(
      new PowerShellSession({ executable }).invoke('Write-Output'),
      'PowerShellNotFound',
      /access is denied/,
    );
  });
});

async function rejects(call: Promise<unknown>, id: ErrorId, message: RegExp): Promise<FailoverError> {
  const error: unknown = await call.then(
    () => assert.fail(`succeeded instead of ${id}`),
    (error: unknown) => error,
  );
  assert.ok(error instanceof FailoverError, String(error));
  assert.equal(error.id, id);
  assert.match(error.message, message);
  return error;
}
