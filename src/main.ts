import { createWriteStream, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { AnyCommand } from './commands/definition.ts';
import { systemClock } from './edge/clock.ts';
import { Dispatcher } from './protocol/dispatcher.ts';
import { LineReader } from './protocol/lines.ts';
import { wireTo } from './protocol/wire.ts';

/** Set by the bundler from package.json. */
declare const __VERSION__: string;

/** sysexits.h EX_SOFTWARE. */
const softwareError = 70;
/** How long commands have to stop when PowerShell has gone. */
const graceMs = 1000;

/**
 * Serves the commands to the PowerShell session that started this process: requests on standard input, replies on
 * standard output, until standard input ends. Whatever a library prints goes to standard error.
 */
export function serve(commands: readonly AnyCommand[]): void {
  const output = takeStandardOutput();
  const dispatcher = new Dispatcher({
    commands,
    version: __VERSION__,
    clock: systemClock,
    wire: wireTo(output),
    complain: (text) => void process.stderr.write(`${text}\n`),
  });

  output.on('error', () => process.exit(0)); // PowerShell has gone
  process.on('SIGINT', () => undefined); // Ctrl+C reaches this process too; PowerShell decides and sends cancel
  process.on('uncaughtException', crash); // unhandled rejections come here as well

  const lines = new LineReader();
  process.stdin.on('data', (bytes: Buffer) => {
    for (const line of lines.push(bytes)) dispatcher.receive(line);
  });
  process.stdin.on('end', () => {
    dispatcher.cancelAll();
    // Commands stop at their next step; those that don't must not keep the process alive.
    setTimeout(() => process.exit(0), graceMs).unref();
  });
  dispatcher.hello();
}

/**
 * Keeps standard output for messages. Unlike process.stdout, the stream does not block on Windows while PowerShell is
 * busy: this process must go on reading, and keep its locks fresh.
 */
function takeStandardOutput(): Writable {
  const output = createWriteStream('', { fd: 1, autoClose: false, highWaterMark: 1024 * 1024 });
  Object.defineProperty(process, 'stdout', { get: () => process.stderr });
  return output;
}

/** PowerShell shows the last lines of standard error to the calls that are lost. */
function crash(error: unknown): void {
  const text = error instanceof Error ? `${error.stack}\n${error.message}` : String(error);
  writeSync(2, `${text}\n`);
  process.exit(softwareError);
}
