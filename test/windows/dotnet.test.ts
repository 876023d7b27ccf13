import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DotNetMethods } from '../../src/windows/dotnet.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { readTree, temporaryFolder, writeTree } from '../support/tree.ts';
import type { HostReply } from './dotnet-host.ts';

const built = fileURLToPath(new URL('../../.build/dotnet-bridge', import.meta.url));
const assembly = join(built, 'IisFailover.Bridge.dll');
/** Tells edge-js which runtime to start; on Windows it knows by itself. */
const coreClr = {
  EDGE_USE_CORECLR: '1',
  EDGE_NATIVE: join(built, 'edge_coreclr.node'),
  EDGE_APP_ROOT: built,
};
const environment = process.platform === 'win32' ? {} : coreClr;

describe('.NET through edge-js', () => {
  const folder = temporaryFolder();
  let host: Host;
  before(function () {
    skipWhereMissing(
      this,
      existsSync(assembly) ? undefined : 'the .NET bridge (npm run setup -- windows-seams)',
    );
    host = new Host(environment);
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
    const other = new Host({ ...environment, EDGE_APP_ROOT: folder.path, EDGE_USE_CORECLR: '1' });
    try {
      const { id, message } = await other.failure('runtime', {});
      assert.equal(id, 'DotNetUnavailable');
      assert.match(message, /its runtime did not start/);
    } finally {
      await other.end();
    }
  });
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

/** A process that makes one call after the other. */
class Host {
  readonly #child: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor(env: Readonly<Record<string, string>>) {
    this.#child = fork(new URL('dotnet-host.ts', import.meta.url), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...env },
      serialization: 'advanced',
      silent: true,
    });
  }

  async value(method: keyof DotNetMethods, arguments_: object): Promise<unknown> {
    const reply = await this.#call({ assembly, method, arguments: arguments_ });
    assert.ok('value' in reply, JSON.stringify(reply));
    return reply.value;
  }

  async failure(method: keyof DotNetMethods, arguments_: object, path = assembly) {
    const reply = await this.#call({ assembly: path, method, arguments: arguments_ });
    assert.ok('id' in reply, JSON.stringify(reply));
    return reply;
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  #call(call: object): Promise<HostReply> {
    const reply = this.#last.then(async () => {
      const answered = once(this.#child, 'message');
      this.#child.send(call);
      return ((await answered) as [HostReply])[0];
    });
    this.#last = reply.catch(() => undefined);
    return reply;
  }
}
