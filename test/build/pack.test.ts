import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SaxesParser } from 'saxes';
import { packageFolders, thirdPartyNotices } from '../../build/pack/notices.ts';
import { runPwsh } from '../support/pwsh.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder } from '../support/tree.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('npm run pack', () => {
  const folder = temporaryFolder();
  let version: string;
  const dist = (...path: string[]): string => join(folder.path, 'dist', ...path);
  const pack = (output: string): void => {
    execFileSync(process.execPath, ['--import', 'tsx', 'build/pack.ts', '--output', output], { cwd: root });
  };
  const hash = async (path: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex');

  before(async function () {
    this.timeout(120_000);
    execFileSync(process.execPath, ['build/setup.mjs', 'build'], { cwd: root });
    const bridge = await stat(join(root, 'module/lib/IisFailover.Bridge.dll')).catch(() => undefined);
    skipWhereMissing(
      this,
      bridge === undefined ? 'the .NET SDK 10, for the .NET part of the package' : undefined,
    );
    ({ version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string });
  });

  it('makes a folder, a NuGet package, a zip, a bill of materials and their checksums, the same each time', async () => {
    pack(dist());
    const archives = [
      `IisFailover-${version}.cdx.json`,
      `IisFailover-${version}.zip`,
      `IisFailover.${version}.nupkg`,
    ];
    assert.deepEqual((await readdir(dist())).sort(), ['IisFailover', ...archives, 'SHA256SUMS']);
    const sums = await Promise.all(archives.map(async (name) => `${await hash(dist(name))}  ${name}\n`));
    assert.equal(await readFile(dist('SHA256SUMS'), 'utf8'), sums.join(''));
    const bom = JSON.parse(await readFile(dist(archives[0]!), 'utf8')) as {
      bomFormat: string;
      components: { name: string; version: string }[];
    };
    assert.equal(bom.bomFormat, 'CycloneDX');
    const names = bom.components.map(({ name }) => name);
    assert.ok(['dns-packet', 'ignore', 'edge-js', 'koffi'].every((name) => names.includes(name)));
    assert.deepEqual(
      names.filter((name) => name.startsWith('@koromix/')),
      ['@koromix/koffi-linux-x64', '@koromix/koffi-win32-arm64', '@koromix/koffi-win32-x64'],
    );
    assert.ok(!names.includes('mocha'), 'only what is in the package');
    const again = join(folder.path, 'again');
    pack(again);
    assert.equal(await readFile(join(again, 'SHA256SUMS'), 'utf8'), sums.join(''));
  });

  it('makes a package that PowerShell unpacks, imports and calls', async () => {
    pack(dist());
    const modules = join(folder.path, 'modules');
    const installed = join(modules, 'IisFailover', version);
    await mkdir(join(modules, 'IisFailover'), { recursive: true });
    const { stdout, stderr } = await runPwsh(
      `[System.IO.Compression.ZipFile]::ExtractToDirectory('${dist(`IisFailover.${version}.nupkg`)}', '${installed}')
       Import-Module '${join(installed, 'IisFailover.psd1')}'
       try { Test-FailoverSetting -SettingsPath '/no/such/file.json' -ErrorAction Stop }
       catch { [Console]::Out.WriteLine($_.FullyQualifiedErrorId) }
       $manifest = [System.IO.File]::ReadAllText('${installed}/IisFailover.psd1')
       $listed = [scriptblock]::Create($manifest).Invoke()[0].FileList
       foreach ($file in $listed) {
         $path = [System.IO.Path]::Combine('${installed}', $file.Replace('\\', '/'))
         if (-not [System.IO.File]::Exists($path)) { [Console]::Out.WriteLine("missing $file") }
       }`,
    );
    assert.equal(stderr, '');
    assert.equal(stdout.trim(), 'SettingsNotFound,Test-FailoverSetting');
    for (const part of ['IisFailover.nuspec', '[Content_Types].xml', '_rels/.rels'])
      new SaxesParser().write(await readFile(join(installed, part), 'utf8')).close();
    const nuspec = await readFile(join(installed, 'IisFailover.nuspec'), 'utf8');
    assert.match(nuspec, new RegExp(`<id>IisFailover</id>\\s*<version>${version}</version>`));
    assert.match(nuspec, /<tags>PSModule /);
  });
});

describe('third-party notices', () => {
  it('name the packages that files of a bundle come from, once each', () => {
    const inputs = [
      'src/entry.ts',
      'node_modules/saxes/saxes.js',
      'node_modules/@sinclair/typebox/build/a.mjs',
      'node_modules/saxes/other.js',
    ];
    assert.deepEqual(packageFolders(inputs), ['node_modules/@sinclair/typebox', 'node_modules/saxes']);
  });

  it('carry the licence of each', async () => {
    const text = await thirdPartyNotices(root, ['node_modules/dns-packet']);
    assert.match(text, /^dns-packet \S+ \(MIT\)\n\nThe MIT License[\s\S]+Copyright[\s\S]+AS IS/m);
  });
});
