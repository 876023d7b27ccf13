import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArguments, testSuites } from '../../build/test/arguments.ts';
import { formatProblem, validateSettings } from '../../src/settings/validate.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { allBlocks, type Block, placeOf, root } from './blocks.ts';
import {
  checkKnot,
  checkNamed,
  checkPdns,
  checkPrometheus,
  missingCheckers,
  runServerCommands,
} from './server-snippets.ts';

/** How a block of each language is checked; those of PowerShell run in the lab (test/e2e/docs). */
const languages: Record<
  string,
  'settings' | 'named' | 'knot' | 'pdns' | 'prometheus' | 'shell' | 'text' | 'powershell'
> = {
  powershell: 'powershell',
  json: 'settings',
  jsonc: 'settings',
  named: 'named',
  'yaml knot': 'knot',
  'yaml prometheus': 'prometheus',
  ini: 'pdns',
  sh: 'shell',
  // Output and the names of files: nothing to run.
  text: 'text',
};

const blocks = await allBlocks();
const of = (kind: string): Block[] => blocks.filter(({ language }) => languages[language] === kind);

describe('the blocks of the guides', () => {
  it('say what language they are in', () => {
    const others = blocks.filter(({ language }) => !Object.hasOwn(languages, language));
    assert.deepEqual(others.map(placeOf), []);
  });

  for (const block of of('settings'))
    it(`${placeOf(block)} is what the settings take`, () => {
      const { problems } = validateSettings(mergedSettings(block.code));
      assert.deepEqual(
        problems.map((problem) => formatProblem(placeOf(block), problem)),
        [],
      );
    });

  for (const block of of('shell').filter(({ code }) => /^npm /m.test(code)))
    it(`${placeOf(block)} names scripts of package.json and what they take`, async () => {
      const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
        scripts: Record<string, string>;
      };
      for (const line of block.code.split('\n').filter((one) => one !== '')) {
        const [, word, name = '', args = ''] = /^npm (run (\S+)|test)(?: -- ([^#]*))?/.exec(line) ?? [];
        const script = word === 'test' ? 'test' : name;
        assert.ok(Object.hasOwn(scripts, script), `${placeOf(block)}: ${line}`);
        checkArguments(script, args.trim().split(/[ |]+/).filter(Boolean), line);
      }
    });
});

describe('the configurations of other programs in the guides', function () {
  this.timeout(60_000);
  before(async function () {
    skipWhereMissing(this, await missingCheckers());
  });

  const checks = { named: checkNamed, knot: checkKnot, pdns: checkPdns, prometheus: checkPrometheus };
  for (const [kind, check] of Object.entries(checks))
    for (const block of of(kind)) it(`${placeOf(block)} is what the program takes`, () => check(block.code));
  for (const block of of('shell').filter(({ code }) => !/^npm /m.test(code)))
    it(`${placeOf(block)} runs`, () => runServerCommands(block.code));

  it('are refused where they are wrong', async () => {
    await assert.rejects(checkNamed('zone "a." { type primary; };'), /named-checkconf/);
    await assert.rejects(checkKnot('zone:\n  - domain: a\n    acls: b\n'), /knotc/);
    await assert.rejects(
      checkPrometheus('groups: [{ name: a, rules: [{ alert: b, expr: "(" }] }]\n'),
      /promtool/,
    );
    await assert.rejects(checkPdns('dnsupdates=yes\n'), /pdns_server/);
  });
});

/** What every settings file has. */
const base: Readonly<Record<string, string>> = {
  servers:
    '[{ "name": "P", "role": "primary", "addresses": ["10.1.1.1"] }, ' +
    '{ "name": "F", "role": "failover", "addresses": ["10.1.1.2"] }]',
  sites: '[{ "name": "site1.com", "hostNames": ["site1.com"] }]',
};

/** A part of a settings file as a whole file, with what the part lacks on its first line. */
function mergedSettings(code: string): string {
  if (code.trimStart().startsWith('{')) return code;
  const rest = Object.entries(base).filter(([key]) => !new RegExp(`^"${key}"`, 'm').test(code));
  return `{ ${rest.map(([key, value]) => `"${key}": ${value}, `).join('')}${code}\n}`;
}

function checkArguments(script: string, args: readonly string[], line: string): void {
  if (script === 'bench')
    for (const name of args) assert.ok(existsSync(join(root, 'bench', `${name}.ts`)), `${line}: ${name}`);
  else if (script === 'test') {
    for (const name of args) assert.ok(Object.hasOwn(testSuites, name), `${line}: ${name}`);
    assert.deepEqual(parseArguments(args, {}).mochaOptions, [], line);
  } else if (script === 'pack') for (const name of args) assert.equal(name, '--with-node', line);
  else assert.deepEqual(args, [], line);
}
