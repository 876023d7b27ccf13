import { isUtf8 } from 'node:buffer';
import { SaxesParser } from 'saxes';
import type { ErrorId } from '../model/error-catalog.ts';
import { FailoverError } from '../model/failover-error.ts';
import { XmlDocument } from './scan.ts';

/**
 * The text of a UTF-8 file. A byte order mark stays in it, so that encoding the text again gives the same bytes.
 * @throws FailoverError ConfigurationEncoding
 */
export function decodeUtf8(bytes: Buffer, path: string): string {
  const [first = 0, second = 0] = bytes;
  const wide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (wide || (first === 0x3c && second === 0) || (first === 0 && second === 0x3c))
    throw encodingError(path, 'is in UTF-16');
  if (!isUtf8(bytes)) throw encodingError(path, `is not in UTF-8 at line ${lineOfBadByte(bytes)}`);
  return bytes.toString('utf8');
}

/** Real files have about twelve levels; what follows a path through a file may rely on this bound. */
const maximumDepth = 256;

/**
 * A well-formed document by offsets, indexed down to `depth` levels.
 * @throws FailoverError `id` with line and column, ConfigurationEncoding
 */
export function parseXml(
  text: string,
  path: string,
  id: ErrorId = 'ConfigurationMalformed',
  depth?: number,
): XmlDocument {
  checkWellFormed(text, path, id);
  const document = new XmlDocument(text, depth);
  if (document.depth > maximumDepth)
    throw new FailoverError(id, `${path} is not usable: its elements nest ${document.depth} deep`, {
      target: path,
    });
  return document;
}

/**
 * Refuses what is not well-formed XML 1.0 in UTF-8 without a document type: the span scanner relies on that.
 * @throws FailoverError `id` with line and column, ConfigurationEncoding
 */
export function checkWellFormed(text: string, path: string, id: ErrorId = 'ConfigurationMalformed'): void {
  const parser = new SaxesParser({ position: false });
  const refuse = (why: string): never => {
    const where = `line ${parser.line}, column ${Math.max(parser.column, 1)}`;
    throw new FailoverError(id, `${path} is not usable at ${where}: ${why}`, { target: path });
  };
  parser.on('error', (error) => refuse(error.message));
  parser.on('doctype', () => refuse('a document type (DOCTYPE) is not allowed'));
  parser.on('xmldecl', ({ encoding, version }) => {
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8')
      throw encodingError(path, `declares the encoding ${encoding}`);
    if (version !== undefined && version !== '1.0') refuse(`it is XML ${version}`);
  });
  parser.write(text).close();
}

function encodingError(path: string, fault: string): FailoverError {
  return new FailoverError('ConfigurationEncoding', `${path} ${fault}; only UTF-8 is read`, { target: path });
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
