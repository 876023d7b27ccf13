/** Every text that is put into a generated file goes through one of these. Their results are ASCII. */

/** A PowerShell string literal. PowerShell takes four Unicode quotes for single quotes, too, and has no escapes here. */
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

/** Text as XML content or attribute value; characters that XML 1.0 lacks become U+FFFD. */
export function xmlText(text: string): string {
  let result = '';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    const allowed = code >= 0x20 || code === 9 || code === 10 || code === 13;
    const surrogate = code >= 0xd800 && code <= 0xdfff;
    if (!allowed || surrogate || code === 0xfffe || code === 0xffff) result += '&#xFFFD;';
    else if (code > 0x7e || code === 13 || '&<>"\''.includes(char))
      result += `&#x${code.toString(16).toUpperCase()};`;
    else result += char;
  }
  return result;
}

/** Text in a Markdown paragraph or table cell. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, '\\$&').replace(/\r?\n/g, ' ');
}

/** Text as code in a Markdown line. */
export function markdownCode(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}
