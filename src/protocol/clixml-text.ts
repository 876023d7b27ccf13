/**
 * Text in CLIXML (MS-PSRP 2.2.5.3.2): a UTF-16 code unit that XML cannot carry is written `_xHHHH_`, and an
 * underscore that would start such an escape is itself escaped. PowerShell reads escapes for any code unit, so
 * everything outside ASCII goes that way too: the wire is ASCII whatever code page either side assumes.
 */

const unsafe = /[^\x20-\x7e]|[&<>"]|_(?=[xX])/g;
const escaped = /_[xX]([0-9A-Fa-f]{4})_/g;

/** Text as the content of a CLIXML element or the value of its N attribute: one line of ASCII. */
export function escapeText(text: string): string {
  return text.replace(unsafe, escapeUnit);
}

/** The text behind `_xHHHH_` escapes, after XML's own entities have been resolved. */
export function unescapeText(text: string): string {
  return text.includes('_')
    ? text.replace(escaped, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text;
}

function escapeUnit(unit: string): string {
  switch (unit) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '"':
      return '&quot;';
    default:
      return `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  }
}
