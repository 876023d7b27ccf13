import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { koffiAddons, koffiFiles } from '../../build/pack/koffi.ts';
import { temporaryFolder } from '../support/tree.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const lockFile = join(root, 'package-lock.json');

describe('koffi in the package', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let locked: Record<string, { version: string; integrity: string }>;

  before(async () => {
    const { packages } = JSON.parse(await readFile(lockFile, 'utf8')) as { packages: typeof locked };
    locked = packages;
  });

  const archiveOf = (name: string, of = root): string =>
    join(
      of,
      '.build',
      'packages',
      `${name.replace('/', '-')}-${locked[`node_modules/${name}`]?.version}.tgz`,
    );

  it('has the addons as they are in the packages that package-lock.json names', async () => {
    const { addons, files } = await koffiFiles(root);
    const contents = new Map(files);
    for (const [name, addon, machine] of [
      ['@koromix/koffi-win32-x64', 'win32_x64/koffi.node', 0x8664],
      ['@koromix/koffi-win32-arm64', 'win32_arm64/koffi.node', 0xaa64],
      ['@koromix/koffi-linux-x64', 'linux_x64/koffi.node', undefined],
      ['@koromix/koffi-linux-x64', 'musl_x64/koffi.node', undefined],
    ] as const) {
      const { version, integrity } = locked[`node_modules/${name}`] ?? assert.fail();
      assert.ok(addons.includes(`${name}@${version}`));
      assert.equal(integrityOf(await readFile(archiveOf(name))), integrity);
      const maximum = { maxBuffer: 16 * 1024 * 1024 };
      const original = execFileSync('tar', ['-xzOf', archiveOf(name), `package/${addon}`], maximum);
      const packed = contents.get(`lib/node_modules/${name}/${addon}`) ?? assert.fail(`no ${addon}`);
      assert.ok(packed.equals(original), `${name}/${addon} is changed`);
      if (machine !== undefined) assert.equal(packed.readUInt16LE(packed.readUInt32LE(0x3c) + 4), machine);
    }
  });

  it('carries its licence and those of what its addons are made of, and no sources', async () => {
    const contents = new Map((await koffiFiles(root)).files);
    const licences = [...contents].filter(([path]) => path.includes('LICENSE'));
    assert.deepEqual(licences.map(([path]) => path).sort(), [
      'lib/node_modules/koffi/LICENSE.txt',
      'lib/node_modules/koffi/vendor/node-addon-api/LICENSE.md',
      'lib/node_modules/koffi/vendor/node-api-headers/LICENSE',
    ]);
    for (const [, content] of licences) assert.match(content.toString(), /Permission is hereby granted/);
    assert.deepEqual(
      [...contents.keys()].filter((path) => /\.(cc|hh|h|lib|exp|ts)$/.test(path)),
      [],
    );
  });

  it('is refused where the registry has another package than package-lock.json names', async () => {
    await koffiFiles(root); // so that the archives are there
    const [first, ...others] = koffiAddons;
    await mkdir(join(folder.path, 'node_modules'));
    await symlink(join(root, 'node_modules', 'koffi'), join(folder.path, 'node_modules', 'koffi'));
    await copyFile(lockFile, join(folder.path, 'package-lock.json'));
    await mkdir(join(folder.path, '.build', 'packages'), { recursive: true });
    for (const name of others) await copyFile(archiveOf(name), archiveOf(name, folder.path));
    await writeFile(archiveOf(first, folder.path), 'damaged');
    const other = await readFile(archiveOf(others[0]));
    const { version } = locked[`node_modules/${first}`] ?? assert.fail();
    await withRegistry({ name: first, version, archive: other, cache: folder.path }, async () => {
      await assert.rejects(koffiFiles(folder.path), (error: Error) => {
        assert.ok(
          error.message.includes(`${first} ${version} is ${integrityOf(other)}, not `),
          error.message,
        );
        return true;
      });
    });
    assert.equal(await readFile(archiveOf(first, folder.path), 'utf8'), 'damaged');
    const original = await readFile(archiveOf(first));
    await withRegistry({ name: first, version, archive: original, cache: folder.path }, async () => {
      assert.equal((await koffiFiles(folder.path)).addons.length, koffiAddons.length);
    });
    assert.ok((await readFile(archiveOf(first, folder.path))).equals(original));
    const left = await readdir(join(folder.path, '.build', 'packages'));
    assert.deepEqual(
      left.filter((name) => !name.endsWith('.tgz')),
      [],
    );
  });
});

const integrityOf = (content: Buffer): string =>
  `sha512-${createHash('sha512').update(content).digest('base64')}`;

/** npm asks this registry instead of its own: it has one package. */
async function withRegistry(
  { name, version, archive, cache }: { name: string; version: string; archive: Buffer; cache: string },
  use: () => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const dist = { tarball: `http://127.0.0.1:${port}/archive.tgz`, integrity: integrityOf(archive) };
    const versions = { [version]: { name, version, dist } };
    const packument = JSON.stringify({ name, versions, 'dist-tags': { latest: version } });
    response.end(request.url === '/archive.tgz' ? archive : packument);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const before = process.env;
  process.env = { ...before, npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: cache };
  try {
    await use();
  } finally {
    process.env = before;
    server.closeAllConnections();
    server.close();
  }
}
