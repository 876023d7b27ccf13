import { open } from 'node:fs/promises';
import { errorCode, sha256 } from './files.ts';

/**
 * How the lines of a log prove each other. Each has a `run` and a `prev`: the SHA-256 of the line before it of the same
 * run, or, on the first line of a run, of the last line that the file had when the run began. Runs may overlap, so
 * a line need not follow directly on the one it names. Whoever changes or takes out a line breaks what names it;
 * only lines at the very end, of the file or of a run that another overlapped, can be taken away unnoticed.
 */
export const noLine = '0'.repeat(64);

/** The hash that the next line names. */
export function lineHash(line: string): string {
  return sha256(line);
}

export interface LogFault {
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

export interface LogCheck {
  readonly lines: number;
  /** Lines that an earlier version wrote, before there was a chain. They prove nothing. */
  readonly unchained: number;
  readonly faults: readonly LogFault[];
}

/** Checks the lines of a log as they come; the last may be incomplete where a run was killed. */
export async function checkLog(lines: AsyncIterable<string> | Iterable<string>): Promise<LogCheck> {
  const faults: LogFault[] = [];
  const seen = new Set<string>([noLine]);
  const lastOfRun = new Map<string, string>();
  let count = 0;
  let unchained = 0;
  for await (const line of lines) {
    if (line === '') continue;
    count++;
    const fault = (problem: string): void => void faults.push({ line: count, problem });
    const entry = parseEntry(line);
    const hash = lineHash(line);
    if (entry === undefined) fault('it is not complete');
    else if (entry.run === undefined || entry.prev === undefined) {
      if (lastOfRun.size > 0) fault('it names no line before it');
      else unchained++;
    } else {
      const last = lastOfRun.get(entry.run);
      if (last !== undefined && entry.prev !== last)
        fault('the line before it of the same run was changed or is missing');
      else if (last === undefined && !seen.has(entry.prev))
        fault('a line before its run was changed or is missing');
      lastOfRun.set(entry.run, hash);
    }
    seen.add(hash);
  }
  return { lines: count, unchained, faults };
}

function parseEntry(line: string): { run: string | undefined; prev: string | undefined } | undefined {
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    const text = (name: string): string | undefined =>
      typeof value[name] === 'string' ? value[name] : undefined;
    return { run: text('run'), prev: text('prev') };
  } catch {
    return undefined;
  }
}

/** The hash of the last complete line of a file, and whether a killed run left a part of one behind it. */
export async function lastLine(path: string): Promise<{ hash: string; cut: boolean }> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return { hash: noLine, cut: false };
  try {
    const { size } = await handle.stat();
    let tail = Buffer.alloc(0);
    for (let start = size; start > 0;) {
      const length = Math.min(start, 64 * 1024);
      start -= length;
      const part = Buffer.alloc(length);
      await handle.read(part, 0, length, start);
      tail = Buffer.concat([part, tail]);
      const end = tail.lastIndexOf('\n');
      const before = end <= 0 ? -1 : tail.lastIndexOf('\n', end - 1);
      if (end !== -1 && (before !== -1 || start === 0))
        return {
          hash: lineHash(tail.subarray(before + 1, end).toString('utf8')),
          cut: end !== tail.length - 1,
        };
    }
    return { hash: noLine, cut: size > 0 };
  } finally {
    await handle.close();
  }
}
