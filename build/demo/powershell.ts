import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Narrator } from './narrator.ts';

const root = new URL('../../', import.meta.url);
const launcher = fileURLToPath(new URL(process.platform === 'win32' ? 'build/pwsh.cmd' : 'build/pwsh', root));
const manifest = fileURLToPath(new URL('module/IisFailover.psd1', root));

/** Runs a cmdlet of the real module in the PowerShell engine, as a scheduled task would: a session for each. */
export async function runCmdlet(command: string, folder: string, narrator: Narrator): Promise<string> {
  narrator.command(command);
  const script = `$ErrorActionPreference = 'Stop'; Import-Module '${manifest}'; ${command}`;
  const child = spawn(launcher, ['-NoProfile', '-NonInteractive', '-Command', script], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  narrator.say(output.replace(/^\s*\n/, ''));
  if (code !== 0 || errors !== '') throw new Error(`The cmdlet failed (exit code ${code}): ${errors}`);
  return output;
}
