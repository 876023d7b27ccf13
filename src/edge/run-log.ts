import { randomBytes } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { reason } from './files.ts';
import { lastLine, lineHash } from './log-chain.ts';
import { failure } from '../model/failover-error.ts';

/** The log files of the 2003 scripts, one for each task. */
export const logNames = [
  'sitebackup.log',
  'siterestore.log',
  'sitecontentcopy.log',
  'sitemonitor.log',
] as const;
export type LogName = (typeof logNames)[number];

/** Anything that JSON can hold. Secrets can't get in: `Secret` serialises to asterisks. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Appends one JSON line for each event, chained to those before (log-chain.ts), and tells -Verbose the same in words. */
export interface RunLog {
  write(event: string, words: string, fields?: LogFields): Promise<void>;
}

/**
 * Opens a log for appending; the file is made where there is none.
 * @throws FailoverError LogNotWritable, before the command has changed anything
 */
export async function openLog(
  folder: string,
  name: LogName,
  command: string,
  clock: Clock,
  verbose: (text: string) => void,
): Promise<RunLog> {
  const path = join(folder, name);
  const append = async (text: string): Promise<void> => {
    try {
      await appendFile(path, text, { mode: 0o600 });
    } catch (error) {
      throw failure('LogNotWritable', { path, why: reason(error) }, { target: path, cause: error });
    }
  };
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined); // append says what is wrong
  await append('');
  const { hash, cut } = await lastLine(path);
  if (cut) await append('\n');
  const run = randomBytes(8).toString('hex');
  let prev = hash;
  return {
    write: async (event, words, fields = {}) => {
      verbose(words);
      const line = JSON.stringify({
        time: clock.now().toISOString(),
        command,
        event,
        message: words,
        ...fields,
        run,
        prev,
      });
      prev = lineHash(line);
      await append(`${line}\n`);
    },
  };
}
