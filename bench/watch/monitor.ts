import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { encodeClixml } from '../../src/protocol/clixml-encode.ts';
import { nodeOptions } from '../node-options.ts';

export interface RunningMonitor {
  /** MB of a field of proc(5) status: VmRSS now, VmHWM at most. */
  memory(field: 'VmRSS' | 'VmHWM'): Promise<number>;
  /** Seconds of user and system time since its start. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

/** Runs Invoke-FailoverMonitor -Continuous in the module's Node process, in the place of PowerShell. */
export async function startMonitor(start: string, folder: string, settings: object): Promise<RunningMonitor> {
  await mkdir(folder);
  const path = join(folder, 'failover.json');
  await writeFile(path, JSON.stringify(settings));
  const child = spawn(process.execPath, [...nodeOptions, start], { stdio: ['pipe', 'pipe', 'inherit'] });
  const send = (kind: string, value: unknown): void =>
    void child.stdin.write(`\u001e${kind} 1 ${encodeClixml(value)}\n`);
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('\u001ehello')) send('invoke', call(path));
      else if (line.startsWith('\u001eplan')) send('apply', new Map([['Approved', ['watch']]]));
      else if (line.startsWith('\u001eoutput')) resolve();
      else if (line.startsWith('\u001efailed')) reject(new Error(line));
    });
  });
  const text = (file: string): Promise<string> => readFile(`/proc/${child.pid}/${file}`, 'utf8');
  return {
    memory: async (field) => {
      const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(await text('status'))!;
      return Math.round(Number(kilobytes) / 1024);
    },
    // Fields 14 and 15, in hundredths of a second.
    cpuSeconds: async () => {
      const fields = (await text('stat')).split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    stop: async () => {
      if (!child.kill('SIGKILL')) return;
      await once(child, 'exit');
    },
  };
}

function call(path: string): Map<string, unknown> {
  return new Map<string, unknown>([
    ['Command', 'Invoke-FailoverMonitor'],
    [
      'Parameters',
      new Map<string, unknown>([
        ['SettingsPath', path],
        ['Continuous', true],
      ]),
    ],
    ['WhatIf', false],
  ]);
}
