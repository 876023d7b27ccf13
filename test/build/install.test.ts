import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runPwsh, startPwsh } from '../support/pwsh.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('an installed module', function () {
  this.timeout(180_000);
  let folder: string;
  let version: string;
  const place = (...path: string[]): string => join(folder, ...path);
  const installed = (of = version): string => place('modules', 'IisFailover', of);

  before(async function () {
    execFileSync(process.execPath, ['build/setup.mjs', 'build'], { cwd: root });
    const bridge = await stat(join(root, 'module/lib/IisFailover.Bridge.dll')).catch(() => undefined);
    skipWhereMissing(this, bridge === undefined ? 'the .NET SDK 10, for the package' : undefined);
    ({ version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string });
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-install-'));
    execFileSync(process.execPath, ['--import', 'tsx', 'build/pack.ts', '--output', place('dist')], {
      cwd: root,
    });
    await mkdir(place('empty'));
    await mkdir(place('home'));
    const settings = {
      servers: [
        { name: 'P', role: 'primary', addresses: ['10.1.1.1'] },
        { name: 'F', role: 'failover', addresses: ['10.1.1.2'] },
      ],
      sites: [{ name: 'site1.com', hostNames: ['site1.com'] }],
    };
    await writeFile(place('home/failover.json'), JSON.stringify(settings));
  });
  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** As Expand-Archive does: the zip holds IisFailover/VERSION. */
  const unpack = (archive: string, into: string) =>
    runPwsh(`[System.IO.Compression.ZipFile]::ExtractToDirectory('${place('dist', archive)}', '${into}')`);

  beforeEach(async () => {
    await rm(place('modules'), { recursive: true, force: true });
    assert.equal((await unpack(`IisFailover-${version}.zip`, place('modules'))).stderr, '');
  });

  const environment = (node: string | null) => ({
    PSModulePath: place('modules'),
    IISFAILOVER_SETTINGS: place('home/failover.json'),
    IISFAILOVER_NODE: undefined,
    HOME: place('home'),
    // The launcher is a shell script: it needs one on the PATH, but no Node.
    PATH: node === null ? place('empty') : dirname(node),
  });
  const run = (script: string, node: string | null = process.execPath) =>
    runPwsh(`$ErrorActionPreference = 'Stop'; ${script}`, { env: environment(node), cwd: folder });

  /** Writes True. */
  const call = '(Test-FailoverSetting).IsValid';
  const versions = 'Import-Module IisFailover; (Get-Module IisFailover).Version.ToString(); ';

  it('is found by its name, from the zip and from the NuGet package', async () => {
    const zip = await run(`${versions} ${call}`);
    assert.deepEqual([zip.stderr, zip.stdout.trim().split(/\s+/)], ['', [version, 'True']]);
    await rm(place('modules'), { recursive: true });
    await mkdir(installed(), { recursive: true });
    await rm(installed(), { recursive: true });
    assert.equal((await unpack(`IisFailover.${version}.nupkg`, installed())).stderr, '');
    const nupkg = await run(`${versions} ${call}`);
    assert.deepEqual([nupkg.stderr, nupkg.stdout.trim().split(/\s+/)], ['', [version, 'True']]);
  });

  it('takes the Node beside it, where none is on the PATH', async () => {
    const without = await run('Test-FailoverSetting', null);
    assert.match(without.stderr, /Node\.js was not found on the PATH/);
    // What node.exe is on Windows.
    await symlink(process.execPath, join(installed(), 'lib', 'node'));
    const beside = await run(call, null);
    assert.deepEqual([beside.stderr, beside.stdout.trim()], ['', 'True']);
  });

  it('finds the koffi beside it, as a module and as CommonJS', async () => {
    const probe = join(installed(), 'lib', 'probe.cjs');
    await writeFile(
      probe,
      `import('koffi').then((koffi) => {
        const own = koffi.load(null).func('int getpid()')() === process.pid;
        console.log(JSON.stringify([own, require('koffi').version, require.resolve('koffi')]));
      });`,
    );
    const told = execFileSync(process.execPath, [probe], { cwd: folder, encoding: 'utf8' });
    const found = join(installed(), 'lib', 'node_modules', 'koffi', 'index.cjs');
    const manifest = join(root, 'node_modules', 'koffi', 'package.json');
    const { version: expected } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
    assert.deepEqual(JSON.parse(told), [true, expected, found]);
  });

  it('is upgraded while a session has it open, and the old version removed', async () => {
    const args = ['-NoProfile', '-NonInteractive', '-Command', '-'];
    const session = startPwsh(args, { env: environment(process.execPath), cwd: folder });
    session.write(`${versions} ${call}; 'before'\n`);
    await session.waitFor(/before/);
    await cp(installed(), installed('99.0.0'), { recursive: true });
    const manifest = join(installed('99.0.0'), 'IisFailover.psd1');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace(`ModuleVersion = '${version}'`, "ModuleVersion = '99.0.0'"));
    const fresh = await run(`${versions} ${call}`);
    assert.deepEqual([fresh.stderr, fresh.stdout.trim().split(/\s+/)], ['', ['99.0.0', 'True']]);
    session.write(`${call}; 'beside'\n`);
    await session.waitFor(/beside/);
    await rm(installed(), { recursive: true });
    session.write(`${call}; (Get-Module IisFailover).Version.ToString(); 'removed'\n`);
    session.end();
    const { stdout, stderr } = await session.result;
    assert.deepEqual(
      [stderr, stdout.trim().split(/\s+/)],
      ['', [version, 'True', 'before', 'True', 'beside', 'True', version, 'removed']],
    );
  });

  it('leaves nothing of its own but settings and state when its folder is removed', async () => {
    await run('Test-FailoverSetting; Get-FailoverEvent; Get-FailoverRestore');
    await rm(place('modules/IisFailover'), { recursive: true });
    assert.deepEqual(await readdir(place('modules')), []);
    const { stderr } = await run('Import-Module IisFailover');
    assert.match(stderr, /IisFailover.*was not loaded/);
    const left = (await readdir(place('home'))).filter(
      (name) => !['.dotnet', '.cache', '.local'].includes(name),
    );
    assert.deepEqual(left, ['failover.json']);
  });
});

describe('a package with node.exe', function () {
  this.timeout(300_000);
  let folder: string;

  before(async function () {
    const fetched = join(root, '.build/windows/node-26/node.exe');
    const bridge = join(root, 'module/lib/IisFailover.Bridge.dll');
    for (const [path, what] of [
      [fetched, 'the Windows node.exe (npm run test:windows, or npm run pack -- --with-node, fetches it)'],
      [bridge, 'the .NET SDK 10, for the package'],
    ] as const)
      skipWhereMissing(this, (await stat(path).catch(() => undefined)) === undefined ? what : undefined);
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-with-node-'));
    const args = ['--import', 'tsx', 'build/pack.ts', '--with-node', '--output', folder];
    execFileSync(process.execPath, args, { cwd: root });
  });
  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('holds it unmodified and signed beside the bundle, with its licence, and names it in the bill of materials', async () => {
    const [name = ''] = await readdir(join(folder, 'IisFailover'));
    const lib = join(folder, 'IisFailover', name, 'lib');
    const node = await readFile(join(lib, 'node.exe'));
    assert.ok(node.equals(await readFile(join(root, '.build/windows/node-26/node.exe'))));
    assert.ok(signatureLength(node) > 1000, 'it carries a signature');
    assert.match(
      await readFile(join(lib, 'NODE-LICENSE.txt'), 'utf8'),
      /^Node\.js is licensed for use as follows/,
    );
    const bom = JSON.parse(await readFile(join(folder, `IisFailover-${name}.cdx.json`), 'utf8')) as {
      components: { name: string; version: string; hashes: { alg: string; content: string }[] }[];
    };
    const component = bom.components.find((one) => one.name === 'node') ?? assert.fail();
    assert.match(component.version, /^26\./);
    const content = createHash('sha256').update(node).digest('hex');
    assert.deepEqual(component.hashes, [{ alg: 'SHA-256', content }]);
  });
});

/** Bytes of the Authenticode signature: the certificate table of the PE header (Microsoft PE format, data directory 4). */
function signatureLength(image: Buffer): number {
  const header = image.readUInt32LE(0x3c);
  assert.equal(image.toString('latin1', header, header + 4), 'PE\0\0');
  const optional = header + 24;
  assert.equal(image.readUInt16LE(optional), 0x20b);
  return image.readUInt32LE(optional + 112 + 4 * 8 + 4);
}
