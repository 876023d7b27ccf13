import { randomBytes } from 'node:crypto';
import { copyFile, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import PQueue from 'p-queue';
import { errorCode, flushDirectory, renameRetrying, writeError } from './files.ts';

export interface BatchFile {
  readonly path: string;
  readonly content: Uint8Array | string;
  /** Where the old file stays, if there was one. */
  readonly previous: string;
}

/** What became of a file of a batch. */
export type BatchResult = { readonly replaced: boolean } | { readonly error: Error };

/** Files under way at the same time: a share answers many requests in the time of one. */
const concurrency = 32;

/**
 * Replaces files of administrators (mode 0o600) as replaceFile does: each is at every instant the old or the new one,
 * whole. They are flushed together before the first is renamed, which takes a tenth of the time that one flush after
 * the other does. A failure is the result of its file.
 */
export async function replaceFiles(files: readonly BatchFile[]): Promise<BatchResult[]> {
  const results = new Array<BatchResult>(files.length);
  const queue = new PQueue({ concurrency });
  const each = (work: (file: BatchFile, index: number) => Promise<void>): Promise<void[]> =>
    queue.addAll(
      files.map((file, index) => async () => {
        if (results[index] !== undefined) return;
        await work(file, index).catch((error: unknown) => {
          results[index] = { error: writeError(error, file.path) };
        });
      }),
    );
  const temporaries = files.map(({ path }) => temporaryBeside(path));
  try {
    await each(({ content }, index) => writeNew(temporaries[index]!, content));
    await each((_, index) => flush(temporaries[index]!));
    await each(async ({ path, previous }, index) => {
      const replaced = await keep(path, previous);
      await renameRetrying(temporaries[index]!, path);
      results[index] = { replaced };
    });
    const replaced = files.filter((_, index) => 'replaced' in (results[index] ?? {}));
    await Promise.all([...new Set(replaced.map(({ path }) => dirname(path)))].map(flushDirectory));
  } finally {
    const failed = temporaries.filter((_, index) => !('replaced' in (results[index] ?? {})));
    await Promise.all(failed.map((path) => rm(path, { force: true })));
  }
  return results;
}

/** A name that removeLeftovers knows. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}

async function writeNew(path: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives the file a second name, so that the first never stands for nothing; false where there is no file. */
async function keep(path: string, previous: string): Promise<boolean> {
  const temporary = temporaryBeside(previous);
  try {
    await link(path, temporary);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    await copyFile(path, temporary); // FAT volumes and some servers know no second names
  }
  await rename(temporary, previous);
  return true;
}
