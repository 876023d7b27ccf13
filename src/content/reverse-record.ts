import type { ReversePlan } from './reverse-plan.ts';
import { type SyncIndex, type SyncedFile, syncIndexLine } from './sync-index.ts';
import { SyncIndexWriter } from './sync-index-writer.ts';

/**
 * Writes the index after content was brought back. An item without an outcome keeps the entry it had: what was not
 * done is found again by the next comparison.
 * @param outcomes by path: the version that both sides have now, null where both have none
 * @throws FailoverError FileNotWritable, DiskFull
 */
export async function recordReverse(
  path: string,
  plan: ReversePlan,
  outcomes: ReadonlyMap<string, SyncedFile | null>,
  last: SyncIndex | undefined,
  now: Date,
): Promise<void> {
  const { site, source, destination } = plan;
  const added = new Map<string, (string | number)[]>();
  for (const { path: file, versions } of plan.items) {
    const outcome = outcomes.get(file);
    const version = outcome === undefined ? versions.base : outcome;
    if (version === undefined || version === null) continue;
    const at = file.lastIndexOf('/');
    const folder = file.slice(0, Math.max(at, 0));
    const files = added.get(folder) ?? [];
    files.push(file.slice(at + 1), version.size, version.mtimeMs);
    added.set(folder, files);
  }
  const writer = await SyncIndexWriter.create(path, { site, source, destination, time: now.toISOString() });
  try {
    for (const [folder, settled] of plan.settled) {
      const files = [...(JSON.parse(settled) as (string | number)[]), ...(added.get(folder) ?? [])];
      // A folder that only the primary has is not in sync.
      if (files.length > 0 || last?.has(folder) === true)
        await writer.add(syncIndexLine(folder, 0, files), files.length / 3);
    }
    if (last !== undefined) await carryOver(writer, plan.unknown, last);
    await writer.commit();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** What could not be read keeps its entries. */
async function carryOver(
  writer: SyncIndexWriter,
  unknown: readonly string[],
  last: SyncIndex,
): Promise<void> {
  if (unknown.length === 0) return;
  for (const folder of last.folders()) {
    if (!unknown.some((path) => path === '' || folder === path || folder.startsWith(`${path}/`))) continue;
    const lines = await last.lines(folder);
    const files = (await last.folder(folder))?.files.size ?? 0;
    if (lines !== undefined) await writer.add(lines, files);
  }
}
