import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { engineHost, type Engine } from './engines.ts';

const launcher = fileURLToPath(new URL('../../build/pwsh', import.meta.url));

export interface PwshOptions {
  /** Default: the engine host. */
  readonly engine?: Engine;
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Command that PowerShell runs under, e.g. a network namespace's. */
  readonly prefix?: readonly string[];
  /** Standard input of runPwsh; nothing where it is left out. */
  readonly input?: string;
  /** Default 60 s: then the process is killed and the call rejects. */
  readonly timeoutMs?: number;
}

export interface PwshResult {
  /** null where a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script with -Command, without profile and prompts. */
export function runPwsh(script: string, options: PwshOptions = {}): Promise<PwshResult> {
  return runPwshWith(['-NoProfile', '-NonInteractive', '-Command', script], options);
}

/** Runs PowerShell with these arguments. */
export async function runPwshWith(args: readonly string[], options: PwshOptions = {}): Promise<PwshResult> {
  const session = startPwsh(args, options);
  session.write(options.input ?? '');
  session.end();
  return session.result;
}

/** A running PowerShell. */
export interface PwshSession {
  readonly pid: number;
  /** When it has ended and its streams are read; rejects after timeoutMs. */
  readonly result: Promise<PwshResult>;
  /** What it has written to standard output so far. */
  stdout(): string;
  /** What it has written to standard error so far. */
  stderr(): string;
  write(text: string): void;
  /** Closes its standard input. */
  end(): void;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once standard output matches; rejects when the process ends before. */
  waitFor(pattern: RegExp): Promise<void>;
}

/** Starts PowerShell with these arguments (default: commands from standard input) through build/pwsh. */
export function startPwsh(
  args: readonly string[] = ['-NoProfile', '-NonInteractive', '-Command', '-'],
  options: PwshOptions = {},
): PwshSession {
  const { executable } = options.engine ?? engineHost;
  // Node cannot start a .cmd file without a shell and its quoting.
  const program = process.platform === 'win32' ? executable : launcher;
  const [command = program, ...rest] = [...(options.prefix ?? []), program, ...args];
  const child = spawn(command, rest, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, IISFAILOVER_PWSH: executable, ...options.env },
  });
  child.stdin.on('error', () => undefined); // a process that ended early needs no more input
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const result = resultOf(child, () => ({ stdout, stderr }), options.timeoutMs ?? 60_000);
  result.catch(() => undefined); // whoever awaits it sees the failure; a test that has failed already does not
  return {
    pid: child.pid ?? 0,
    result,
    stdout: () => stdout,
    stderr: () => stderr,
    write: (text) => void child.stdin.write(text),
    end: () => void child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    waitFor: async (pattern) => {
      let ended = false;
      void result.finally(() => (ended = true)).catch(() => undefined);
      while (!pattern.test(stdout)) {
        if (ended) throw new Error(`PowerShell ended before ${pattern} appeared:\n${stdout}${stderr}`);
        await sleep(5);
      }
    },
  };
}

async function resultOf(
  child: ChildProcessWithoutNullStreams,
  output: () => { stdout: string; stderr: string },
  timeoutMs: number,
): Promise<PwshResult> {
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
    child.stdout.destroy(); // a grandchild may hold the pipes open
    child.stderr.destroy();
  }, timeoutMs);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    const { stdout, stderr } = output();
    if (timedOut) throw new Error(`PowerShell did not end within ${timeoutMs} ms:\n${stdout}${stderr}`);
    return { code, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}
