import { setTimeout } from 'node:timers/promises';

interface BusyOptions {
  readonly platform?: NodeJS.Platform;
  readonly attempts?: number;
  readonly pauseMs?: number;
}

/**
 * Tries again, for two seconds, what Windows refuses while another program has the file open without sharing it
 * (`codes` are those of Node's errors). Elsewhere such an error lasts, and is thrown at once.
 */
export async function whileBusy<T>(
  work: () => Promise<T>,
  codes: readonly string[],
  { platform = process.platform, attempts = 21, pauseMs = 100 }: BusyOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (platform !== 'win32' || !codes.includes(code) || attempt >= attempts) throw error;
      await setTimeout(pauseMs);
    }
  }
}
