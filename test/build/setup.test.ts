import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const setup = fileURLToPath(new URL('../../build/setup.mjs', import.meta.url));

interface Locked {
  readonly version: string;
  readonly optional?: boolean;
}
type DifferentPackage = (
  wanted: Readonly<Record<string, Locked | object>>,
  installed: Readonly<Record<string, Locked>>,
) => string | undefined;

describe('setup', () => {
  let differentPackage: DifferentPackage;
  before(async () => {
    // Plain JavaScript: it runs before there is a TypeScript.
    const path = new URL('../../build/setup/npm.mjs', import.meta.url).href;
    ({ differentPackage } = (await import(path)) as { differentPackage: DifferentPackage });
  });

  it('finds nothing to install where each package has the version of the lock file', () => {
    const wanted = { '': {}, 'node_modules/a': { version: '1.0.0' } };
    assert.equal(differentPackage(wanted, { 'node_modules/a': { version: '1.0.0' } }), undefined);
  });

  it('finds a package that is missing or has another version, nested ones too', () => {
    const wanted = { 'node_modules/a/node_modules/@s/b': { version: '2.0.0' } };
    assert.equal(differentPackage(wanted, {}), '@s/b');
    const installed = { 'node_modules/a/node_modules/@s/b': { version: '1.0.0' } };
    assert.equal(differentPackage(wanted, installed), '@s/b');
  });

  it('does not miss optional packages of other platforms', () => {
    const wanted = { 'node_modules/a-win32': { version: '1.0.0', optional: true } };
    assert.equal(differentPackage(wanted, {}), undefined);
    assert.equal(differentPackage(wanted, { 'node_modules/a-win32': { version: '0.9.0' } }), 'a-win32');
  });

  it('says nothing where nothing is missing', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [setup, 'npm'], { encoding: 'utf8' });
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
  });

  it('refuses an unknown purpose and names those there are', () => {
    const { status, stderr } = spawnSync(process.execPath, [setup, 'other'], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /"other": one of npm, build, demo, test, ci/);
  });
});
