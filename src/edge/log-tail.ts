import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../model/failover-error.ts';
import { errorCode, reason } from './files.ts';
import { type LogEntry, parseEntry } from './log-reader.ts';
import { logNames, type LogName } from './run-log.ts';

const newline = 0x0a;

/** Reads what has been added to the logs of a folder since it was last asked; at first all of it. */
export class LogTail {
  readonly #folder: string;
  /** Bytes of each log that were taken: whole lines only. */
  readonly #taken = new Map<LogName, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws FailoverError FileUnreadable */
  async read(take: (entry: LogEntry) => void): Promise<void> {
    for (const log of logNames) await this.#readLog(log, take);
  }

  async #readLog(log: LogName, take: (entry: LogEntry) => void): Promise<void> {
    const path = join(this.#folder, log);
    const stream = createReadStream(path, { start: this.#taken.get(log) ?? 0 });
    let rest: Buffer[] = [];
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        let start = 0;
        for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
          const line = Buffer.concat([...rest, chunk.subarray(start, end)]);
          rest = [];
          start = end + 1;
          this.#taken.set(log, (this.#taken.get(log) ?? 0) + line.length + 1);
          const entry = parseEntry(log, line.toString('utf8'));
          if (entry !== undefined && !Number.isNaN(entry.time.getTime())) take(entry);
        }
        rest.push(chunk.subarray(start));
      }
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      throw failure('FileUnreadable.file', { path, why: reason(error) }, { target: path, cause: error });
    } finally {
      stream.destroy();
    }
  }
}
