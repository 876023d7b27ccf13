const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** An attribute value as a parser gives it (XML 1.0, 2.11 and 3.3.3): line ends and tabs are spaces. */
export function decodeAttribute(raw: string): string {
  return decodeReferences(raw.replace(/\r\n?|[\n\t]/g, ' '));
}

/** Resolves character references and the five entities; a file with other entities has passed no gate. */
export function decodeReferences(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(
    /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/g,
    (written, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? written;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16));
    },
  );
}

/** A value as it may stand between quotes of either kind. */
export function encodeAttribute(value: string): string {
  return value.replace(/[&<>"'\t\n\r]/g, (character) => {
    switch (character) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      case "'":
        return '&apos;';
      default:
        return `&#${character.charCodeAt(0)};`;
    }
  });
}
