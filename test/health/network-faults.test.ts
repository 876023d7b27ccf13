import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ProbeResult } from '../../src/health/index.ts';

const script = fileURLToPath(new URL('probe-once.ts', import.meta.url));

/** Probes from a network namespace that `setUp` (shell commands) furnishes. */
async function probeIn(setUp: string, address: string): Promise<ProbeResult> {
  const command = `${setUp} && exec "$0" --import tsx "$1" "$2"`;
  const run = promisify(execFile);
  const { stdout } = await run('unshare', ['-n', 'sh', '-ec', command, process.execPath, script, address]);
  return JSON.parse(stdout) as ProbeResult;
}

describe('HttpProber in a broken network (needs root)', () => {
  before(function () {
    try {
      execFileSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
    } catch {
      this.skip();
    }
  });

  it("calls a missing route the monitor's own fault, for IPv4 and IPv6", async () => {
    for (const address of ['10.1.1.1', '2001:db8::1']) {
      const result = await probeIn('ip link set lo up', address);
      assert.deepEqual([result.healthy, result.failure], [false, 'local']);
      assert.equal(result.error, `This machine cannot connect to ${address} port 80 (ENETUNREACH)`);
    }
  });

  it('reports a server from which nothing comes back as a connection that did not come in time', async () => {
    const link = 'ip link add v0 type veth peer v1 && ip address add 10.1.1.9/24 dev v0 && ip link set v0 up';
    const result = await probeIn(link, '10.1.1.1');
    assert.deepEqual([result.healthy, result.failure], [false, 'timeout']);
    assert.equal(result.error, 'No connection to 10.1.1.1 port 80 within 0.5 s');
  });
});
