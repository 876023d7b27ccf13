import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { powershellString } from '../../build/generate/quote.ts';
import { eachEngine } from '../support/engines.ts';
import { runPwshWith } from '../support/pwsh.ts';
import { temporaryFolder } from '../support/tree.ts';

const quotes = fc.constantFrom(
  "'",
  '"',
  '\u2018',
  '\u2019',
  '\u201a',
  '\u201b',
  '\u201c',
  '`',
  '$',
  '\\',
  '\n',
  '\0',
);
const nasty = fc.array(fc.oneof(quotes, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 6 });

eachEngine('A quoted string', (engine) => {
  const folder = temporaryFolder();

  it('is the text that it was made from', async () => {
    const texts = fc.sample(nasty, 500).map((parts) => parts.join(''));
    const script = join(folder.path, 'quoted.ps1');
    // As code units, so that no encoding on the way can hide a difference.
    const lines = texts.map((text) => `([int[]]([char[]](${powershellString(text)}))) -join ' '`);
    await writeFile(script, `Set-StrictMode -Version Latest\n${lines.join('\n')}\n`);
    const { stdout, stderr } = await runPwshWith(['-NoProfile', '-NonInteractive', '-File', script], {
      engine,
    });
    assert.equal(stderr, '');
    const units = (text: string) =>
      Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).join(' ');
    assert.deepEqual(stdout.split(/\r?\n/).slice(0, -1), texts.map(units));
  });
});
