import { isUtf8 } from 'node:buffer';

/*
 * Linux names are bytes. One that is not UTF-8 is kept as text in which each byte out of place is a lone surrogate
 * U+DC80 to U+DCFF (as Python's surrogateescape, PEP 383), so that it goes through JSON and comes back as it was.
 */

/** Cheap, and also true for some text beyond the basic plane. */
const mayBeOutOfPlace = /[\udc80-\udcff]/;
/** A byte out of place; with the u flag a half of a pair does not match. */
const outOfPlace = /[\udc80-\udcff]/u;

/** The name as text; `nativePath` gives the same bytes back. */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find(
      (size) => at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)),
    );
    text +=
      length === undefined
        ? String.fromCharCode(0xdc00 + bytes[at]!)
        : bytes.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return text;
}

/** What the functions of node:fs take: the text itself, or the bytes where it stands for some that are no text. */
export function nativePath(path: string): string | Buffer {
  if (!mayBeOutOfPlace.test(path) || process.platform === 'win32' || !outOfPlace.test(path)) return path;
  const parts = Array.from(path, (character) =>
    outOfPlace.test(character)
      ? Buffer.from([character.charCodeAt(0) - 0xdc00])
      : Buffer.from(character, 'utf8'),
  );
  return Buffer.concat(parts);
}
