import { join } from 'node:path';
import { readIfPresent, replaceFile } from '../edge/files.ts';
import type { Waiting } from './outbox.ts';
import type { Told } from './tracker.ts';

/** What one run leaves to the next. */
export interface ToldFile {
  /** What was told of each site, so that it is not told again; by site in lower case. */
  readonly sites: Readonly<Record<string, Told>>;
  /** What could not be delivered yet. */
  readonly waiting: readonly Waiting[];
}

export async function readTold(folder: string): Promise<ToldFile> {
  const bytes = await readIfPresent(join(folder, 'notified.json'));
  try {
    const read = JSON.parse(bytes?.toString('utf8') ?? '{}') as Partial<ToldFile> & { format?: number };
    const { format, sites, waiting = [] } = read;
    if (format === 1 && typeof sites === 'object' && Array.isArray(waiting)) return { sites, waiting };
  } catch {
    // A damaged file costs one notification too many, which is better than none.
  }
  return { sites: {}, waiting: [] };
}

/** @param text the JSON of a ToldFile's content */
export async function saveTold(folder: string, text: string): Promise<void> {
  await replaceFile(join(folder, 'notified.json'), text);
}

export function toldText(told: ToldFile): string {
  return `${JSON.stringify({ format: 1, ...told }, undefined, 2)}\n`;
}
