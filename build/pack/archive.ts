import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';

/** A file of an archive: its path with forward slashes, and its bytes. */
export type ArchiveFile = readonly [path: string, content: Buffer];

/** The same files give the same bytes: no time of the build is in them. 1980 is the oldest that a zip can hold. */
const mtime = new Date(1980, 0, 1);

/** Writes a zip. */
export async function writeZip(path: string, files: Iterable<ArchiveFile>): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of files) zip.addBuffer(content, name, { mtime, mode: 0o100644 });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}
