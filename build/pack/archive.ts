import { createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
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

/** The files of a folder whose paths in it (with forward slashes) are needed, as they lie in a folder of an archive. */
export async function filesOf(
  folder: string,
  into: string,
  isNeeded: (path: string) => boolean,
): Promise<ArchiveFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter(isNeeded);
  return Promise.all(
    paths.map(async (path): Promise<ArchiveFile> => [`${into}/${path}`, await readFile(join(folder, path))]),
  );
}
