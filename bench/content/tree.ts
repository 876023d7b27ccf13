import { closeSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const filesInFolder = 50;
const chunk = Buffer.alloc(1024 * 1024, 'IisFailover ');

/** Small files of 200 bytes to 8 KB as web sites have them, 50 in a folder, and large ones of 256 MB. */
export function writeSite(root: string, files: number, largeMb: number): void {
  const past = new Date('2025-06-01T12:00:00Z');
  for (let index = 0; index < files; index++) {
    const folder = join(root, folderOf(index));
    if (index % filesInFolder === 0) mkdirSync(folder, { recursive: true });
    const file = join(root, pathOf(index));
    writeFileSync(file, chunk.subarray(0, 200 + ((index * 7919) % 8000)));
    utimesSync(file, past, past);
  }
  mkdirSync(join(root, 'media'), { recursive: true });
  for (let start = 0; start < largeMb; start += 256) {
    const descriptor = openSync(join(root, 'media', `video${start}.mp4`), 'w');
    for (let mb = start; mb < Math.min(start + 256, largeMb); mb++) writeSync(descriptor, chunk);
    closeSync(descriptor);
  }
}

/** Changes every hundredth file. */
export function changeOneInHundred(root: string, files: number, round: number): void {
  for (let index = round; index < files; index += 100)
    writeFileSync(join(root, pathOf(index)), chunk.subarray(0, 300 + round + ((index * 7919) % 8000)));
}

function folderOf(index: number): string {
  const folder = Math.floor(index / filesInFolder);
  return join(`${folder % 20}`, `d${folder}`);
}

function pathOf(index: number): string {
  return join(folderOf(index), `page${index}.htm`);
}
