import type { PlannedFolder } from './file-list.ts';
import type { ContentPlan } from './plan.ts';
import {
  addToDigest,
  formatDigest,
  newDigest,
  type SyncedFile,
  type SyncIndex,
  syncIndexDigest,
  syncIndexLine,
} from './sync-index.ts';
import { SyncIndexWriter } from './sync-index-writer.ts';

/** What a run did to the files of a folder other than the plan says: by name, undefined for "not in sync". */
export type Amendments = ReadonlyMap<string, ReadonlyMap<string, SyncedFile | undefined>>;

/**
 * Writes the index after a run: what both sides have in common now. A file that failed, and a folder that could not
 * be read, keep the entries they had.
 * @throws FailoverError FileNotWritable, DiskFull
 */
export async function recordSync(
  path: string,
  plan: ContentPlan,
  amendments: Amendments,
  last: SyncIndex | undefined,
  now: Date,
): Promise<void> {
  const { site, source, destination } = plan;
  if (amendments.size + plan.unknown.length === 0 && (await isRecorded(path, plan))) return;
  const writer = await SyncIndexWriter.create(path, { site, source, destination, time: now.toISOString() });
  try {
    for (const folder of plan.scanned) {
      const changes = amendments.get(folder.path);
      if (changes === undefined) await writer.add(folder.line, folder.files);
      else await addAmended(writer, folder, changes, last);
    }
    if (last !== undefined) await carryOver(writer, plan, last);
    await writer.commit();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** A run that found nothing new need not write the same once more. */
async function isRecorded(path: string, plan: ContentPlan): Promise<boolean> {
  const digest = plan.scanned.reduce((sum, { line }) => addToDigest(sum, line), newDigest(plan.source));
  return (await syncIndexDigest(path)) === formatDigest(digest);
}

async function addAmended(
  writer: SyncIndexWriter,
  { path, line, ours }: PlannedFolder,
  changes: ReadonlyMap<string, SyncedFile | undefined>,
  last: SyncIndex | undefined,
): Promise<void> {
  const { f } = JSON.parse(line) as { f: (string | number)[] };
  const before = await last?.folder(path);
  const files: (string | number)[] = [];
  for (let at = 0; at < f.length; at += 3) {
    const name = f[at] as string;
    const now = { size: f[at + 1] as number, mtimeMs: f[at + 2] as number };
    const file = changes.has(name) ? (changes.get(name) ?? before?.files.get(name)) : now;
    if (file !== undefined) files.push(name, file.size, file.mtimeMs);
  }
  await writer.add(syncIndexLine(path, ours.mtimeMs, files), files.length / 3);
}

async function carryOver(writer: SyncIndexWriter, plan: ContentPlan, last: SyncIndex): Promise<void> {
  if (plan.unknown.length === 0) return;
  const isUnknown = (folder: string): boolean =>
    plan.unknown.some((path) => path === '' || folder === path || folder.startsWith(`${path}/`));
  for (const path of last.folders()) {
    if (!isUnknown(path)) continue;
    const folder = await last.folder(path);
    const lines = await last.lines(path);
    if (folder !== undefined && lines !== undefined) await writer.add(lines, folder.files.size);
  }
}
