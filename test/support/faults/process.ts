import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export interface LabProcessOptions {
  /** Command that it runs under, e.g. a network namespace's. */
  readonly prefix: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A program of this folder in a process of its own, that reads and writes one JSON value a line. */
export class LabProcess<T> {
  /** What it has written, without what a former wait has passed. */
  readonly lines: T[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  #stderr = '';
  #wake: (() => void) | undefined;

  constructor(script: string, args: readonly string[], { prefix, env }: LabProcessOptions) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const [program = '', ...rest] = [...prefix, process.execPath, '--import', 'tsx', path, ...args];
    this.#child = spawn(program, rest, { cwd: repository, env: { ...process.env, ...env } });
    this.#child.stdin.on('error', () => undefined); // a process that was killed reads no more
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as T);
      this.#wake?.();
    });
    this.#child.once('exit', () => this.#wake?.());
  }

  /** Waits for a line after the ones that a former wait has passed. */
  async until(what: string, test: (line: T) => boolean, timeoutMs = 20_000): Promise<T> {
    const seen: T[] = [];
    const ends = Date.now() + timeoutMs;
    for (;;) {
      const index = this.lines.findIndex(test);
      if (index >= 0) return this.lines.splice(0, index + 1).at(-1)!;
      seen.splice(0, seen.length, ...this.lines);
      const left = ends - Date.now();
      if (left <= 0 || this.hasEnded()) {
        const words = seen.map((line) => JSON.stringify(line)).join('\n');
        throw new Error(`${what} did not come:\n${words}\n${this.#stderr}`);
      }
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
  }

  send(value: object): void {
    this.#child.stdin.write(`${JSON.stringify(value)}\n`);
  }

  hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.hasEnded()) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }
}

/** For the programs themselves: calls back with each value that comes in. */
export function onInput<T>(take: (value: T) => void): void {
  createInterface({ input: process.stdin }).on('line', (line) => take(JSON.parse(line) as T));
}

export function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
