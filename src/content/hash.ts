import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { unreadable } from './folder-sync.ts';
import { nativePath } from './native-name.ts';

const bufferSize = 1024 * 1024;

/** SHA-256 of a file, lower-case hex. @throws FailoverError FileUnreadable */
export function hashFile(path: string): string {
  try {
    const descriptor = openSync(nativePath(path), 'r');
    try {
      const hash = createHash('sha256');
      const buffer = Buffer.allocUnsafe(bufferSize);
      for (let length; (length = readSync(descriptor, buffer)) > 0;) hash.update(buffer.subarray(0, length));
      return hash.digest('hex');
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unreadable('file', path, error);
  }
}
