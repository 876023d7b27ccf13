import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { blocksOf, root } from '../../docs/blocks.ts';

/** What differs from run to run. */
function steady(line: string): string {
  return line
    .replace(/\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d/g, 'TIME')
    .replace(/(127\.10\.1\.\d):\d+/g, '$1:PORT')
    .trimEnd();
}

describe('the output of the demo in the README', function () {
  this.timeout(120_000);

  it('is what the demo writes', async () => {
    const shown = (await blocksOf('README.md')).find(({ language }) => language === 'text') ?? assert.fail();
    const demo = ['--import', 'tsx', 'build/demo/demo.ts'];
    const { stdout } = await promisify(execFile)(process.execPath, demo, { cwd: root });
    const written = stdout.split('\n').map(steady).join('\n');
    assert.ok(
      written.includes(shown.code.split('\n').map(steady).join('\n').trimEnd()),
      `${shown.code}\nis not in\n${stdout}`,
    );
  });
});
