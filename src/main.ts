import type { AnyCommand } from './commands/definition.ts';
import { systemClock } from './edge/clock.ts';
import { toFailoverError } from './model/failover-error.ts';
import { Dispatcher } from './protocol/dispatcher.ts';
import { LineReader } from './protocol/lines.ts';

/** Set by the bundler from package.json. */
declare const __VERSION__: string;

/** sysexits.h EX_SOFTWARE. */
const softwareError = 70;

/**
 * Serves the commands to the PowerShell session that started this process: requests on standard input, replies on
 * standard output, until standard input ends. Whatever a library prints goes to standard error.
 */
export function serve(commands: readonly AnyCommand[]): void {
  const output = process.stdout;
  const write = output.write.bind(output) as (text: string) => boolean;
  output.write = ((...args: Parameters<typeof process.stderr.write>) =>
    process.stderr.write(...args)) as typeof output.write;
  const complain = (text: string): void => void process.stderr.write(`${text}\n`);
  const version = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0';
  const dispatcher = new Dispatcher({
    commands,
    version,
    clock: systemClock,
    write: (text) => void write(text),
    complain,
  });

  output.on('error', () => process.exit(0)); // PowerShell has gone
  process.on('SIGINT', () => undefined); // Ctrl+C reaches this process too; PowerShell decides and sends cancel
  const crash = (error: unknown): void => {
    const failure = toFailoverError(error);
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
    dispatcher.failAll(failure);
    if (output.writableLength === 0) process.exit(softwareError);
    output.once('drain', () => process.exit(softwareError));
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);

  const lines = new LineReader();
  process.stdin.on('data', (bytes: Buffer) => {
    for (const line of lines.push(bytes)) dispatcher.receive(line);
  });
  process.stdin.on('end', () => {
    dispatcher.cancelAll();
    // Commands stop at their next step; those that don't must not keep the process alive.
    setTimeout(() => process.exit(0), 1000).unref();
    process.stdin.destroy();
  });
  dispatcher.hello();
}
