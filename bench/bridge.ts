import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runPwsh } from '../test/support/pwsh.ts';

const manifest = fileURLToPath(new URL('../module/IisFailover.psd1', import.meta.url));
const runs = 7;

interface Times {
  readonly import: number;
  readonly first: number;
  readonly warm: number;
}

/**
 * What the bridge costs: Import-Module, the first cmdlet of a session (it starts Node) and one after it. The peer is a
 * Node process that does nothing, which a module without a persistent process would start for every call.
 */
export default async function bridge(): Promise<object[]> {
  const ours: Times[] = [];
  const peer: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await session());
    peer.push(await bareNode());
  }
  const node = median(peer);
  const row = (name: string, pick: (times: Times) => number, goal: number) => {
    const value = median(ours.map(pick));
    return { name, ours: round(value), peer: round(node), ratio: round(value / node), goal };
  };
  const results = [
    row('bridge-import', (times) => times.import, 3),
    row('bridge-first-call', (times) => times.first, 8),
    row('bridge-warm-call', (times) => times.warm, 0.05),
  ];
  console.log(`medians of ${runs} interleaved runs, in milliseconds; peer: node -e 0`);
  console.table(results);
  return results;
}

/** Times inside one PowerShell session; the warm call is the median of 50. */
async function session(): Promise<Times> {
  const script = `
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Import-Module '${manifest}'
    $import = $watch.Elapsed.TotalMilliseconds
    $call = { try { Test-FailoverSetting -SettingsPath '/no/such/file.json' } catch { } }
    $watch.Restart(); & $call; $first = $watch.Elapsed.TotalMilliseconds
    $warm = foreach ($i in 1..50) { $watch.Restart(); & $call; $watch.Elapsed.TotalMilliseconds }
    [Console]::Out.WriteLine([string]::Join(' ', @($import, $first, @($warm | Sort-Object)[25])))
  `;
  const { stdout } = await runPwsh(script);
  const [importTime = NaN, first = NaN, warm = NaN] = stdout.trim().split(' ').map(Number);
  return { import: importTime, first, warm };
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
