import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { commandName } from '../../src/commands/definition.ts';
import { commands } from '../../src/commands/index.ts';
import { documents, root, textOf } from './blocks.ts';

/** Links to files of this repository, without their anchors, as paths below it. */
async function linksOf(document: string): Promise<{ path: string; anchor: string | undefined }[]> {
  const text = (await textOf(document)).replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map((match) => ({
    path: match[1] === '' ? document : posix.join(posix.dirname(document), match[1]!),
    anchor: match[2],
  }));
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map((match) =>
      match[1]!
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('the links of the guides', () => {
  it('lead to files and headings that are there', async () => {
    const wrong: string[] = [];
    const pages = commands.map((command) => `docs/commands/${commandName(command)}.md`);
    for (const document of [...(await documents()), ...pages])
      for (const { path, anchor } of await linksOf(document)) {
        const there = await stat(join(root, path)).catch(() => undefined);
        const found =
          there !== undefined &&
          (anchor === undefined || /^L\d/.test(anchor) || anchorsOf(await textOf(path)).has(anchor));
        if (!found) wrong.push(`${document}: ${path}${anchor === undefined ? '' : `#${anchor}`}`);
      }
    assert.deepEqual(wrong, []);
  });

  it('lead from the README to each guide and each cmdlet', async () => {
    const reached = new Set((await linksOf('README.md')).map(({ path }) => path));
    const all = [
      ...(await documents()).filter((document) => document !== 'README.md'),
      ...commands.map((command) => `docs/commands/${commandName(command)}.md`),
    ];
    assert.deepEqual(
      all.filter((document) => !reached.has(document) && dirname(document) !== 'docs/jea'),
      [],
    );
  });
});
