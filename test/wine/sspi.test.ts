import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { koffiFiles } from '../../build/pack/koffi.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import {
  makeFolderOnC,
  missingForWindows,
  windowsLines,
  windowsNodes,
  windowsPath,
} from '../support/wine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** SEC_E_INVALID_HANDLE */
const invalidHandle = '80090301';

/** Wine has secur32.dll with Negotiate and Kerberos, but is in no domain: what a ticket is for, Windows has to show. */
describe('SSPI from Node on Windows programs', function () {
  this.timeout(180_000);
  let folder: string;

  before(async function () {
    skipWhereMissing(this, missingForWindows());
    folder = await makeFolderOnC();
    for (const outfile of [join(folder, 'lib', 'sspi.mjs'), join(folder, 'bare', 'sspi.mjs')])
      await build({
        entryPoints: [fileURLToPath(new URL('sspi-entry.ts', import.meta.url))],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        external: ['koffi'],
      });
    for (const [path, content] of (await koffiFiles(root)).files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const answersIn = async (place: string, node: (typeof windowsNodes)[number]) => {
    const answers = join(folder, place, `${node}.json`);
    const [program, file] = [join(folder, place, 'sspi.mjs'), answers].map(
      (path) => `'${windowsPath(path)}'`,
    );
    const script = `$printed = & $env:IISFAILOVER_NODE ${program} ${file} 2>&1; $printed`;
    assert.deepEqual(await windowsLines(script, { node }), []);
    return JSON.parse(await readFile(answers, 'utf8')) as Record<string, unknown>;
  };

  for (const node of windowsNodes) {
    it(`is found by the package's koffi, and says that there is no ticket, with ${node}`, async () => {
      const answers = await answersIn('lib', node);
      assert.deepEqual(answers.functions, [
        ...['buffers', 'acquire', 'initialise', 'makeSignature', 'verifySignature', 'queryAttributes'],
        ...['deleteContext', 'freeCredential'],
      ]);
      assert.deepEqual(answers.buffers, ['', 'token']);
      assert.deepEqual(
        answers.noHandle,
        Array.from({ length: 6 }, () => invalidHandle),
      );
      assert.equal(
        answers.noTicket,
        'GssTicketMissing: No Kerberos context with DNS/dc1.example.com: AcquireCredentialsHandle returned 0x8009030e',
      );
      assert.match(String(answers.keytab), /^GssKeytabUnsupported: .*failover\.keytab/);
    });
  }

  it('is missing where koffi is, which the error names', async () => {
    const { noTicket } = await answersIn('bare', 'node-20');
    assert.match(String(noTicket), /^GssUnavailable: .*secur32\.dll, which cannot be loaded: .*'koffi'/);
  });
});
