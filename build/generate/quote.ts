/** Every text that is put into a generated file goes through one of these. */

/**
 * A PowerShell expression for a string, in ASCII: a literal in single quotes, which knows no escapes but the doubled
 * quote. Other characters are added by their code: Windows PowerShell would read them in the system's code page, and
 * takes four Unicode quotes for single quotes.
 */
export function powershellString(text: string): string {
  if (/[^\x20-\x7e]/.test(text)) {
    const parts = text.split(/([^\x20-\x7e])/).filter((part) => part !== '');
    const pieces = parts.map((part) =>
      /^[\x20-\x7e]/.test(part)
        ? powershellString(part)
        : `[string][char]0x${part.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
    );
    return `(${pieces.join(' + ')})`;
  }
  return `'${text.replaceAll("'", "''")}'`;
}

/** Text as XML content or attribute value, in ASCII; characters that XML 1.0 lacks become U+FFFD. */
export function xmlText(text: string): string {
  return text.replace(/[^\x20-\x7e]|[&<>"']/gu, (char) => {
    const code = char.codePointAt(0)!;
    const control = code < 0x20 && code !== 9 && code !== 10 && code !== 13;
    const lacking = control || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
    return `&#x${(lacking ? 0xfffd : code).toString(16).toUpperCase()};`;
  });
}

/** Text in a Markdown paragraph or table cell. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~]/g, '\\$&').replace(/\r?\n/g, ' ');
}

/** Code in a Markdown paragraph. */
export function markdownCode(code: string): string {
  const fence = '`'.repeat(longestRun(code) + 1);
  const space = code.startsWith('`') || code.endsWith('`') ? ' ' : '';
  return fence + space + code + space + fence;
}

/** Lines of Markdown with a block of PowerShell. */
export function markdownBlock(code: string): string[] {
  const fence = '`'.repeat(Math.max(3, longestRun(code) + 1));
  return [`${fence}powershell`, code, fence];
}

function longestRun(code: string): number {
  return Math.max(0, ...(code.match(/`+/g) ?? []).map((run) => run.length));
}
