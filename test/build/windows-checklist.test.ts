import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** Numbers of the steps that Test-Windows.ps1 has. */
function scriptSteps(): number[] {
  const folder = new URL('build/windows-steps/', root);
  return readdirSync(folder)
    .flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/^Add-Step (\d+) /gm)])
    .map(([, id]) => Number(id))
    .sort((a, b) => a - b);
}

describe('the Windows checklist', () => {
  const text = readFileSync(new URL('docs/windows-checklist.md', root), 'utf8');
  const steps = [...text.matchAll(/^(\d+)\. (?:\*\((script|by hand: [^)]+)\)\*)?/gm)].map(([, id, how]) => ({
    id: Number(id),
    how,
  }));

  it('numbers its steps once each, without a gap', () => {
    const ids = steps.map(({ id }) => id).sort((a, b) => a - b);
    assert.deepEqual(
      ids,
      ids.map((_, index) => index + 1),
    );
    assert.ok(ids.length >= 70);
  });

  it('says of each step that the script runs it, or why it is done by hand', () => {
    const silent = steps.filter(({ how }) => how === undefined).map(({ id }) => id);
    assert.deepEqual(silent, []);
  });

  it('has the steps of the script, and the script has those that are marked', () => {
    const marked = steps.filter(({ how }) => how === 'script').map(({ id }) => id);
    assert.deepEqual(
      marked.sort((a, b) => a - b),
      scriptSteps(),
    );
  });
});
