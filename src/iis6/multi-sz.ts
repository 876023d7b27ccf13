import { decodeReferences, encodeAttribute } from '../iis/xml-text.ts';

/** How IIS 6 writes the entries of a MULTISZ: a line end and three tabs between them, within the attribute. */
const separator = '\n\t\t\t';

/**
 * The entries of a MULTISZ attribute, from its raw text: XML parsers turn line ends and tabs into spaces, after which
 * entries with spaces cannot be told apart. Spaces of an entry stay; empty entries do not count.
 * A text of one entry is any other value.
 */
export function multiSz(raw: string): string[] {
  return raw
    .split(/(?:\r\n?|\n)[\t ]*/)
    .map(decodeReferences)
    .filter((entry) => entry !== '');
}

/** The raw text of these entries. */
export function formatMultiSz(entries: readonly string[]): string {
  return entries.map(encodeAttribute).join(separator);
}
