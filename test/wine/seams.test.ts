import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { skipWhereMissing } from '../support/requirements.ts';
import {
  makeFolderOnC,
  missingForWindows,
  windowsEngineHost,
  windowsLines,
  windowsNodes,
  windowsPath,
} from '../support/wine.ts';

/** src/windows as a Windows program. Wine has no .NET Framework: what edge-js does with one, Windows has to show. */
describe('PowerShell and .NET from Node on Windows programs', () => {
  let folder: string;
  let program: string;

  before(async function () {
    skipWhereMissing(this, missingForWindows());
    folder = await makeFolderOnC();
    program = join(folder, 'seams.mjs');
    const edge = new URL('../../node_modules/edge-js/lib/edge.js', import.meta.url);
    await build({
      entryPoints: [fileURLToPath(new URL('seams-entry.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      alias: { 'edge-js': `file:///${windowsPath(fileURLToPath(edge)).replaceAll('\\', '/')}` },
      external: ['file:*'],
    });
    await writeFile(join(folder, 'IisFailover.Bridge.dll'), '');
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  for (const node of windowsNodes) {
    it(`give cmdlets' objects, and say what is missing, with ${node}`, async () => {
      const assembly = join(folder, 'IisFailover.Bridge.dll');
      const answersFile = join(folder, `${node}.json`);
      const files = [program, windowsEngineHost, assembly, answersFile].map(
        (path) => `'${windowsPath(path)}'`,
      );
      // From a Windows program: the pipes that Node makes here are sockets, of which wine gives no console streams.
      const script = `$printed = & $env:IISFAILOVER_NODE ${files.join(' ')} 2>&1; $printed`;
      assert.deepEqual(await windowsLines(script, { node }), []);
      const answers = JSON.parse(await readFile(answersFile, 'utf8')) as Record<string, unknown>;
      assert.deepEqual(answers.text, ['ä€😀 $(exit 9)\r\n']);
      assert.deepEqual(answers.typed, [1.5, true, null]);
      assert.deepEqual(answers.nothing, []);
      assert.match(String(answers.missing), /^CmdletMissing: This PowerShell has no Get-DnsServerNothing/);
      assert.match(
        String(answers.none),
        /^PowerShellNotFound: Cannot run PowerShell as C:\\none\\powershell\.exe/,
      );
      assert.match(
        String(answers.dotnet),
        /^DotNetUnavailable: .* edge-js cannot be loaded \(Module not found/,
      );
      assert.match(
        String(answers.noBridge),
        /^DotNetUnavailable: .*C:\\none\\IisFailover\.Bridge\.dll cannot be read/,
      );
    });
  }
});
