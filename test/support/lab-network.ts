import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Hosts of a test, each a network namespace of its own on one switch; nothing outside them is touched. */
export interface LabNetwork {
  /** Put before a command so that it runs on that host. */
  on(host: string): string[];
  /** Pulls the host's cable. */
  unplug(host: string): Promise<void>;
  plugIn(host: string): Promise<void>;
  remove(): Promise<void>;
}

let count = 0;

/** What a machine lacks for a lab network, in words. */
export async function missingForNetwork(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'Linux (network namespaces)';
  if (process.getuid?.() !== 0) return 'root (network namespaces)';
  return run('ip', ['-V']).then(
    () => undefined,
    () => 'ip (package iproute2)',
  );
}

/** Makes hosts with these addresses (prefix length 24). Names are unique to this process and call. */
export async function makeNetwork(hosts: Readonly<Record<string, string>>): Promise<LabNetwork> {
  const prefix = `iisf${process.pid}x${count++}`;
  const nameOf = (host: string): string => `${prefix}-${host}`;
  const ip = async (...args: string[]): Promise<void> => void (await run('ip', args));
  const bridge = nameOf('switch');
  const made: string[] = [];
  const remove = async (): Promise<void> => {
    for (const name of made.reverse()) await ip('netns', 'del', name).catch(() => undefined);
  };
  const add = async (name: string): Promise<void> => {
    await ip('netns', 'add', name);
    made.push(name);
    await ip('-n', name, 'link', 'set', 'lo', 'up');
  };
  try {
    await add(bridge);
    await ip('-n', bridge, 'link', 'add', 'br0', 'type', 'bridge');
    await ip('-n', bridge, 'link', 'set', 'br0', 'up');
    for (const [index, [host, address]] of Object.entries(hosts).entries()) {
      const name = nameOf(host);
      await add(name);
      await ip(
        '-n',
        bridge,
        'link',
        'add',
        `p${index}`,
        'type',
        'veth',
        'peer',
        'name',
        'eth0',
        'netns',
        name,
      );
      await ip('-n', bridge, 'link', 'set', `p${index}`, 'master', 'br0', 'up');
      await ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'eth0');
      await ip('-n', name, 'link', 'set', 'eth0', 'up');
    }
  } catch (error) {
    await remove();
    throw error;
  }
  const port = (host: string): string => `p${Object.keys(hosts).indexOf(host)}`;
  return {
    on: (host) => ['ip', 'netns', 'exec', nameOf(host)],
    unplug: (host) => ip('-n', bridge, 'link', 'set', port(host), 'down'),
    plugIn: (host) => ip('-n', bridge, 'link', 'set', port(host), 'up'),
    remove,
  };
}
