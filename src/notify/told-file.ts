import { join } from 'node:path';
import { readIfPresent, replaceFile } from '../edge/files.ts';
import type { Told } from './tracker.ts';

/** What was told of each site, so that the next run does not tell it again. */
export async function readTold(folder: string): Promise<Record<string, Told>> {
  const bytes = await readIfPresent(join(folder, 'notified.json'));
  if (bytes === undefined) return {};
  try {
    const { format, sites } = JSON.parse(bytes.toString('utf8')) as { format: number; sites: unknown };
    if (format === 1 && typeof sites === 'object' && sites !== null) return sites as Record<string, Told>;
  } catch {
    // A damaged file costs one notification too many, which is better than none.
  }
  return {};
}

export async function saveTold(folder: string, sites: Readonly<Record<string, Told>>): Promise<void> {
  await replaceFile(join(folder, 'notified.json'), `${JSON.stringify({ format: 1, sites }, undefined, 2)}\n`);
}
