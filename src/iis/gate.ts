import { isUtf8 } from 'node:buffer';
import { SaxesParser } from 'saxes';
import { failure } from '../model/failover-error.ts';
import { XmlDocument } from './scan.ts';

/**
 * The text of a UTF-8 file. A byte order mark stays in it, so that encoding the text again gives the same bytes.
 * @throws FailoverError ConfigurationEncoding
 */
export function decodeUtf8(bytes: Buffer, path: string): string {
  const [first = 0, second = 0] = bytes;
  const wide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (wide || (first === 0x3c && second === 0) || (first === 0 && second === 0x3c))
    throw failure('ConfigurationEncoding.utf16', { path }, { target: path });
  if (!isUtf8(bytes))
    throw failure('ConfigurationEncoding.notUtf8', { path, line: lineOfBadByte(bytes) }, { target: path });
  return bytes.toString('utf8');
}

/** What a document that cannot be read is: a file of IIS, a backup, or what this module itself wrote. */
type DocumentError = 'ConfigurationMalformed' | 'BackupInvalid' | 'Internal';

/** Real files have about twelve levels; what follows a path through a file may rely on this bound. */
const maximumDepth = 256;

/**
 * A well-formed document by offsets, indexed down to `depth` levels.
 * @throws FailoverError `id` with line and column, ConfigurationEncoding
 */
export function parseXml(
  text: string,
  path: string,
  id: DocumentError = 'ConfigurationMalformed',
  depth?: number,
): XmlDocument {
  checkWellFormed(text, path, id);
  const document = new XmlDocument(text, depth);
  if (document.depth > maximumDepth)
    throw failure(`${id}.tooDeep`, { path, depth: document.depth }, { target: path });
  return document;
}

/**
 * Refuses what is not well-formed XML 1.0 in UTF-8 without a document type: the span scanner relies on that.
 * @throws FailoverError `id` with line and column, ConfigurationEncoding
 */
export function checkWellFormed(
  text: string,
  path: string,
  id: DocumentError = 'ConfigurationMalformed',
): void {
  const parser = new SaxesParser({ position: false });
  const refuse = (why: string): never => {
    const { line } = parser;
    const column = Math.max(parser.column, 1);
    throw failure(`${id}.notUsable`, { path, line, column, why }, { target: path });
  };
  parser.on('error', (error) => refuse(error.message));
  parser.on('doctype', () => refuse('a document type (DOCTYPE) is not allowed'));
  parser.on('xmldecl', ({ encoding, version }) => {
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8')
      throw failure('ConfigurationEncoding.declared', { path, encoding }, { target: path });
    if (version !== undefined && version !== '1.0') refuse(`it is XML ${version}`);
  });
  parser.write(text).close();
}

function lineOfBadByte(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return line;
}
