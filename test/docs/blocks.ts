import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of a document. */
export interface Block {
  /** The document's path below the repository, with forward slashes. */
  readonly document: string;
  /** The line of its opening fence. */
  readonly line: number;
  /** What follows the fence: the language and, where it has several kinds of files, whose. Empty where there is none. */
  readonly language: string;
  readonly code: string;
}

/** The name of a block in a failure. */
export function placeOf({ document, line }: Block): string {
  return `${document}:${line}`;
}

/** Every document that a reader may open, but the generated pages of the cmdlets. */
export async function documents(): Promise<string[]> {
  const found = await readdir(join(root, 'docs'), { recursive: true });
  const pages = found
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !path.startsWith('docs/commands/'));
  return ['README.md', ...pages.sort()];
}

export function textOf(document: string): Promise<string> {
  return readFile(join(root, document), 'utf8');
}

export async function blocksOf(document: string): Promise<Block[]> {
  return parseBlocks(document, await textOf(document));
}

/** The fenced blocks of a text; a fence may be indented, as in a list. */
export function parseBlocks(document: string, text: string): Block[] {
  return [...text.matchAll(/^( *)```([^\n`]*)\n([\s\S]*?)^\1```$/gm)].map((match) => ({
    document,
    line: text.slice(0, match.index).split('\n').length,
    language: match[2]!.trim(),
    code: match[3]!,
  }));
}

export async function allBlocks(): Promise<Block[]> {
  return (await Promise.all((await documents()).map(blocksOf))).flat();
}

/** What is written in code spans outside of fenced blocks, with its line. */
export function codeSpans(text: string): { readonly line: number; readonly code: string }[] {
  const prose = text.replace(/^( *)```[\s\S]*?^\1```$/gm, (block) => block.replace(/[^\n]/g, ''));
  return [...prose.matchAll(/(`+)((?:(?!\n\n)[\s\S])+?)\1(?!`)/g)].map((match) => ({
    line: prose.slice(0, match.index).split('\n').length,
    code: match[2]!.replaceAll('\n', ' '),
  }));
}
