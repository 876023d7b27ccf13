import assert from 'node:assert/strict';
import { join } from 'node:path';
import { skipWhereMissing } from '../support/requirements.ts';
import { readTree, temporaryFolder, writeTree } from '../support/tree.ts';
import { bridgeEnvironment, bridgeMissing, Host } from './dotnet-process.ts';

describe('.NET through edge-js', () => {
  const folder = temporaryFolder();
  let host: Host;
  before(function () {
    skipWhereMissing(this, bridgeMissing);
    host = new Host(bridgeEnvironment);
  });
  after(() => host?.end());

  it('runs in this process', async () => {
    assert.match(String(await host.value('runtime', {})), /^\.NET (Framework )?\d+\./);
  });

  for (const value of [
    null,
    true,
    -7,
    2 ** 40,
    1.5,
    '',
    `'"\`$() ä😀 \r\n\t`,
    new Date(0),
    [],
    [1, ['a', null]],
    { name: 'a', nested: { list: [1, 2] } },
  ]) {
    it(`gives and takes ${JSON.stringify(value)}`, async () => {
      assert.deepEqual(await host.value('echo', { value }), value);
    });
  }

  it('gives and takes bytes', async () => {
    const bytes = await host.value('echo', { value: Buffer.of(0, 13, 255) });
    assert.deepEqual(Buffer.from(bytes as Uint8Array), Buffer.of(0, 13, 255));
  });

  it('answers 1000 calls, each with its own value', async () => {
    const calls = Array.from({ length: 1000 }, (_, index) => host.value('echo', { value: index }));
    assert.deepEqual(new Set(await Promise.all(calls)), new Set(calls.keys()));
  });

  it('replaces a file and keeps the old content', async () => {
    await writeTree(folder.path, { 'new.config': 'new', 'ä.config': 'old' });
    const [from, to, backup] = ['new.config', 'ä.config', 'old.config'].map((name) =>
      join(folder.path, name),
    );
    assert.equal(await host.value('replaceFile', { from, to, backup }), null);
    assert.deepEqual(await readTree(folder.path), { 'ä.config': 'new', 'old.config': 'old' });
  });

  it('replaces a file and keeps nothing', async () => {
    await writeTree(folder.path, { new: 'new', old: 'old' });
    const [from, to] = [join(folder.path, 'new'), join(folder.path, 'old')];
    assert.equal(await host.value('replaceFile', { from, to, backup: null }), null);
    assert.deepEqual(await readTree(folder.path), { old: 'new' });
  });

  it('reports an exception with its type and message, and leaves the file', async () => {
    await writeTree(folder.path, { new: 'new' });
    const [from, to] = [join(folder.path, 'new'), join(folder.path, 'none')];
    const { id, message } = await host.failure('replaceFile', { from, to, backup: null });
    assert.equal(id, 'DotNetFailed');
    assert.match(message, /^\.NET's replaceFile failed: .+ \(System\.IO\.FileNotFoundException\)$/);
    assert.deepEqual(await readTree(folder.path), { new: 'new' });
  });

  it('says that its runtime did not start', async () => {
    const other = new Host({ ...bridgeEnvironment, EDGE_APP_ROOT: folder.path, EDGE_USE_CORECLR: '1' });
    try {
      const { id, message } = await other.failure('runtime', {});
      assert.equal(id, 'DotNetUnavailable');
      assert.match(message, /its runtime did not start/);
    } finally {
      await other.end();
    }
  });

  if (process.platform !== 'win32') {
    for (const [method, arguments_] of [
      ['readPermissions', { paths: ['a'], audit: false }],
      ['writePermissions', { items: [] }],
      ['accountOf', { server: null, sid: Buffer.alloc(8) }],
      ['sidOf', { account: 'STANDBY\\siteuser1' }],
    ] as const) {
      it(`says that ${method} is for Windows only`, async () => {
        const { id, message } = await host.failure(method, arguments_);
        assert.equal(id, 'DotNetFailed');
        assert.match(message, /\(System\.PlatformNotSupportedException\)$/);
      });
    }
  }
});

describe('.NET that is not there', () => {
  const folder = temporaryFolder();
  let host: Host;
  before(() => (host = new Host({ EDGE_NATIVE: join(folder.path, 'none.node') })));
  after(() => host.end());

  it('is reported with the assembly that is missing, and how to get it', async () => {
    const missing = join(folder.path, 'none.dll');
    const { id, message, remedy } = await host.failure('runtime', {}, missing);
    assert.equal(id, 'DotNetUnavailable');
    assert.match(
      message,
      /^Cannot use \.NET: .*none\.dll cannot be read, the folder or file does not exist$/,
    );
    assert.match(remedy, /npm run setup -- windows-seams/);
  });

  it('is reported where edge-js cannot be loaded', async () => {
    await writeTree(folder.path, { 'some.dll': '' });
    const { id, message, remedy } = await host.failure('runtime', {}, join(folder.path, 'some.dll'));
    assert.equal(id, 'DotNetUnavailable');
    assert.match(message, /^Cannot use \.NET: the package edge-js cannot be loaded \(.*none\.node/);
    assert.match(remedy, /edge-js with npm/);
  });
});
