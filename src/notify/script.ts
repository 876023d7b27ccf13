import { spawn } from 'node:child_process';
import { failure, type FailoverError } from '../model/failover-error.ts';
import type { Channel } from './channel.ts';

export interface ScriptOptions {
  readonly name: string;
  /** The PowerShell that runs it. */
  readonly executable: string;
  /** A script block's text, or the path of a script file. */
  readonly code: { readonly block: string } | { readonly file: string };
}

/**
 * Runs a script block or a script file, which gets the notification as JSON in its first parameter. The JSON arrives by
 * standard input, in ASCII: arguments are seen by every process of the machine, and code pages change other characters.
 */
export function script({ name, executable, code }: ScriptOptions): Channel {
  const command = 'block' in code ? `[scriptblock]::Create(${quoted(code.block)})` : quoted(code.file);
  const wrapper = [
    "$ErrorActionPreference = 'Stop'",
    '$global:LASTEXITCODE = 0',
    `try { & (${command}) ([Console]::In.ReadToEnd()) | Out-Null }`,
    'catch { [Console]::Error.WriteLine([string]$_); exit 1 }',
    'exit $LASTEXITCODE',
  ].join('\n');
  const encoded = Buffer.from(wrapper, 'utf16le').toString('base64');
  const failed = (why: string): FailoverError =>
    failure('NotifyFailed.script', { channel: name, why }, { target: name });
  return {
    name,
    send: (notification, signal) =>
      new Promise((resolve, reject) => {
        const child = spawn(executable, ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded], {
          stdio: ['pipe', 'ignore', 'pipe'],
          windowsHide: true,
          signal,
          killSignal: 'SIGKILL',
        });
        let words = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(0, 500)));
        child.stdin.on('error', () => undefined); // a script that does not read it
        child.stdin.end(ascii(JSON.stringify(notification)));
        child.on('error', (error) =>
          reject(
            signal.aborted
              ? (signal.reason as Error)
              : failed(`${executable} cannot be run (${error.message})`),
          ),
        );
        child.on('close', (exit) => {
          if (exit === 0) resolve();
          else
            reject(failed(words.trim() === '' ? `it ended with ${exit}` : words.trim().split(/\r?\n/)[0]!));
        });
      }),
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
