import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineHost, engines } from '../test/support/engines.ts';
import { runPwsh } from '../test/support/pwsh.ts';

const manifest = fileURLToPath(new URL('../module/IisFailover.psd1', import.meta.url));
const runs = 7;
/** Calls before those that are timed: in the first hundred, .NET and PowerShell compile what runs often a second time. */
const warmUp = 100;
const calls = 50;

/** Milliseconds that a session may take, on the engine host. */
const goals = { 'Import-Module': 150, 'first cmdlet': 400, 'warm call': 2 } as const;
type Times = Record<keyof typeof goals, number>;

const settings = {
  servers: [
    { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'] },
    { name: 'FAILOVER', role: 'failover', addresses: ['10.1.1.2'] },
  ],
  sites: [
    { name: 'site1.com', hostNames: ['site1.com'] },
    { name: 'site2.com', hostNames: ['site2.com'] },
  ],
};

/**
 * What the bridge costs in milliseconds: Import-Module, the first cmdlet of a session (it starts Node), and a warm one,
 * which reads and checks a settings file and writes an object. In the place of a peer stands the goal. Beside them:
 * `node`, a Node process that does nothing, as a module without a persistent one would start for every call; and where a
 * real pwsh is there `convertFromJson`, its own ConvertFrom-Json of the same settings, warm.
 */
export default async function bridge(): Promise<object[]> {
  const folder = await mkdtemp(join(tmpdir(), 'iisfailover-bench-'));
  const file = join(folder, 'failover.json');
  const ours: Times[] = [];
  const node: number[] = [];
  const json: number[] = [];
  const real = engines.find((engine) => engine.name === 'pwsh');
  try {
    await writeFile(file, JSON.stringify(settings));
    for (let run = 0; run < runs; run++) {
      ours.push(await session(file));
      node.push(await bareNode());
      if (real !== undefined) json.push(await convertFromJson(file));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const beside = {
    node: round(median(node)),
    ...(real === undefined ? {} : { convertFromJson: round(median(json)) }),
  };
  const results = Object.entries(goals).map(([name, peer]) => {
    const value = median(ours.map((times) => times[name as keyof Times]));
    return {
      name: `bridge: ${name}, ms`,
      ours: round(value),
      peer,
      ratio: round(value / peer),
      goal: 1,
      ...beside,
    };
  });
  console.log(
    `medians of ${runs} interleaved sessions, in milliseconds; the warm call is the median of ${calls} after ${warmUp}`,
  );
  console.table(results);
  return results;
}

/** Times inside one session of the engine host. */
async function session(file: string): Promise<Times> {
  const { stdout, stderr } = await runPwsh(
    `
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Import-Module '${manifest}'
    $import = $watch.Elapsed.TotalMilliseconds
    $watch.Restart(); $first = Test-FailoverSetting -SettingsPath '${file}'; $started = $watch.Elapsed.TotalMilliseconds
    $valid = $first.IsValid
    foreach ($i in 1..${warmUp}) { [void] (Test-FailoverSetting -SettingsPath '${file}') }
    $warm = foreach ($i in 1..${calls}) {
      $watch.Restart(); $result = Test-FailoverSetting -SettingsPath '${file}'; $watch.Elapsed.TotalMilliseconds
      $valid = $valid -and $result.IsValid
    }
    if (-not $valid) { throw 'A call did not do its work.' }
    [Console]::Out.WriteLine([string]::Join(' ', @($import, $started, ${medianOf('$warm')})))`,
    { engine: engineHost },
  );
  if (stderr !== '') throw new Error(stderr);
  const [imported = NaN, first = NaN, warm = NaN] = stdout.trim().split(' ').map(Number);
  return { 'Import-Module': imported, 'first cmdlet': first, 'warm call': warm };
}

/** In a real pwsh: the engine host has no Microsoft.PowerShell.Utility. */
async function convertFromJson(file: string): Promise<number> {
  const { stdout } = await runPwsh(
    `
    $watch = [System.Diagnostics.Stopwatch]::new()
    foreach ($i in 1..${warmUp}) { [void] ([System.IO.File]::ReadAllText('${file}') | ConvertFrom-Json) }
    $warm = foreach ($i in 1..${calls}) {
      $watch.Restart(); $result = [System.IO.File]::ReadAllText('${file}') | ConvertFrom-Json; $watch.Elapsed.TotalMilliseconds
    }
    [Console]::Out.WriteLine(${medianOf('$warm')})`,
    { engine: engines.find((engine) => engine.name === 'pwsh')! },
  );
  return Number(stdout.trim());
}

function medianOf(list: string): string {
  return `@(${list} | Sort-Object)[${Math.floor(calls / 2)}]`;
}

async function bareNode(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
