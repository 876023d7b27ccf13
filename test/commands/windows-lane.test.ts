import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { commandName } from '../../src/commands/definition.ts';
import { commands } from '../../src/commands/index.ts';

const folder = new URL('../wine/', import.meta.url);

describe('the tests on Windows programs', () => {
  const tests = readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');

  for (const command of commands) {
    const name = commandName(command);
    it(`run ${name}`, () => {
      assert.ok(new RegExp(`\\b${name}\\b`).test(tests), `no test in test/wine runs ${name}`);
    });
  }
});
