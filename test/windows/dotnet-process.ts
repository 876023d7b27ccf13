import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DotNetMethods } from '../../src/windows/dotnet.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import type { HostReply } from './dotnet-host.ts';

const built = fileURLToPath(new URL('../../.build/dotnet-bridge', import.meta.url));
export const bridge = join(built, 'IisFailover.Bridge.dll');
export const bridgeMissing = existsSync(bridge)
  ? undefined
  : 'the .NET bridge (npm run setup -- windows-seams)';

/** Tells edge-js which runtime to start; on Windows it knows by itself. */
export const bridgeEnvironment: Readonly<Record<string, string>> =
  process.platform === 'win32'
    ? {}
    : { EDGE_USE_CORECLR: '1', EDGE_NATIVE: join(built, 'edge_coreclr.node'), EDGE_APP_ROOT: built };

/** A process that makes one call after the other. */
export class Host {
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
    const reply = await this.#call({ assembly: bridge, method, arguments: arguments_ });
    assert.ok('value' in reply, JSON.stringify(reply));
    return reply.value;
  }

  async failure(method: keyof DotNetMethods, arguments_: object, path = bridge) {
    const reply = await this.#call({ assembly: path, method, arguments: arguments_ });
    assert.ok('id' in reply, JSON.stringify(reply));
    return reply;
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  /** As src/windows calls it. */
  readonly dotnet = {
    call: async <M extends keyof DotNetMethods>(
      method: M,
      arguments_: Parameters<DotNetMethods[M]>[0],
    ): Promise<ReturnType<DotNetMethods[M]>> => {
      const reply = await this.#call({ assembly: bridge, method, arguments: arguments_ });
      if ('value' in reply) return reply.value as ReturnType<DotNetMethods[M]>;
      throw new FailoverError(reply.id, reply.message);
    },
  };

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
