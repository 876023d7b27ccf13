import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { failure } from '../model/failover-error.ts';
import { errorCode, reason } from './files.ts';
import { logNames, type LogName } from './run-log.ts';

/** A line of a log. */
export interface LogEntry {
  readonly log: LogName;
  readonly time: Date;
  readonly command: string;
  readonly event: string;
  readonly message: string;
  /** The site it is about, if it is about one. */
  readonly site: string | undefined;
  /** All of the line. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The lines of a log file as they are; none where there is no file.
 * @throws FailoverError FileUnreadable
 */
export async function* logLines(folder: string, name: LogName): AsyncGenerator<string> {
  const path = join(folder, name);
  const stream = createReadStream(path, 'utf8');
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) yield line;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw failure('FileUnreadable.file', { path, why: reason(error) }, { target: path, cause: error });
  } finally {
    stream.destroy();
  }
}

/** The events of all logs that `wanted` takes, oldest first. A line that a killed run left half is passed over. */
export async function readEvents(folder: string, wanted: (entry: LogEntry) => boolean): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (const log of logNames) {
    for await (const line of logLines(folder, log)) {
      const entry = parseEntry(log, line);
      if (entry !== undefined && wanted(entry)) entries.push(entry);
    }
  }
  return entries.sort((a, b) => a.time.getTime() - b.time.getTime());
}

/** The entry of a line; undefined where the line is not JSON. */
export function parseEntry(log: LogName, line: string): LogEntry | undefined {
  try {
    const fields = JSON.parse(line) as Record<string, unknown>;
    const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
    const site = text('site') || text('Name');
    return {
      log,
      time: new Date(text('time')),
      command: text('command'),
      event: text('event'),
      message: text('message'),
      site: site === '' ? undefined : site,
      fields,
    };
  } catch {
    return undefined;
  }
}
