import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { eventObject } from '../../../src/commands/support/monitor-output.ts';
import type { Settings } from '../../../src/settings/schema.ts';
import { type LabBind, missingBind, paperTable, paperZone, startLabBind, tsigSecret } from '../lab-bind.ts';
import { type LabNetwork, makeNetwork, missingForNetwork } from '../lab-network.ts';
import { missingNginx, type Nginx, startNginx } from '../nginx.ts';
import type { Answers } from './dig-process.ts';
import { LabProcess } from './process.ts';
import type { RelayOrder } from './relay-process.ts';
import type { WebOrder } from './web-process.ts';

const run = promisify(execFile);
const nothing = (): undefined => undefined;

export const site = 'site1.com';
export const hosts = {
  dns: '10.1.1.3',
  primary: '10.1.1.1',
  failover: '10.1.1.2',
  monitor: '10.1.1.4',
  secondary: '10.1.1.5',
  client: '10.1.1.6',
} as const;
type Host = keyof typeof hosts;

export type Event = ReturnType<typeof eventObject>;
export type Monitor = LabProcess<Event>;

export const originalTable = paperTable(site, hosts.dns, hosts.primary);
export const switchedTable = paperTable(site, hosts.dns, hosts.failover, hosts.primary);

/** What a machine lacks for these tests, in words. */
export async function missingForFaults(): Promise<string | undefined> {
  const missing = (await missingForNetwork()) ?? (await missingBind()) ?? (await missingNginx());
  return missing ?? run('nft', ['--version']).then(nothing, () => 'nft (package nftables)');
}

/** A DNS server, a primary, a failover server, a monitor and a client, each in a network namespace of its own. */
export class FaultLab {
  readonly folder: string;
  readonly network: LabNetwork;
  readonly bind: LabBind;
  readonly #ending: (() => Promise<unknown>)[] = [];
  #count = 0;

  private constructor(folder: string, network: LabNetwork, bind: LabBind) {
    this.folder = folder;
    this.network = network;
    this.bind = bind;
  }

  static async make(): Promise<FaultLab> {
    const folder = await mkdtemp(join(tmpdir(), 'iisfailover-faults-'));
    const network = await makeNetwork(hosts);
    const zones = { [site]: paperZone(site, hosts.dns, hosts.primary) };
    const bind = await startLabBind(hosts.dns, { prefix: network.on('dns'), zones });
    await writeFile(join(folder, 'key.txt'), tsigSecret);
    await mkdir(join(folder, 'web'));
    await writeFile(join(folder, 'web', 'default.htm'), 'It works.');
    return new FaultLab(folder, network, bind);
  }

  /** Ends what a test has started. */
  async end(): Promise<void> {
    for (const end of this.#ending.splice(0).reverse()) await end();
  }

  async remove(): Promise<void> {
    await this.end();
    await this.bind.stop();
    await this.network.remove();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Has this done at the end of the test. */
  atEnd(work: () => Promise<unknown>): void {
    this.#ending.push(work);
  }

  async nginx(host: 'primary' | 'failover', status?: number): Promise<Nginx> {
    const served = [{ hostName: site, root: join(this.folder, 'web') }];
    const folder = join(this.folder, `nginx-${host}`);
    const server = await startNginx(folder, hosts[host], served, this.network.on(host), status);
    this.atEnd(() => server.kill());
    return server;
  }

  /** A web server that answers as it is told; with TLS where there is a certificate. */
  async web(
    host: 'primary' | 'failover',
    certificate?: { key: string; cert: string },
  ): Promise<(order: WebOrder) => Promise<void>> {
    const files = certificate === undefined ? ['80'] : ['443', certificate.key, certificate.cert];
    const web = new LabProcess<string>('web-process.ts', [hosts[host], ...files], this.#on(host));
    this.atEnd(() => web.kill());
    await web.until('The web server', (line) => line === 'listening');
    return tell(web);
  }

  /** A relay in front of the DNS server of a host, at port 5300 there. */
  async relay(
    host: 'dns' | 'secondary' = 'dns',
  ): Promise<{ relay: LabProcess<string>; order: (order: RelayOrder) => Promise<void> }> {
    const args = [hosts[host], '5300', hosts[host], '53'];
    const relay = new LabProcess<string>('relay-process.ts', args, this.#on(host));
    this.atEnd(() => relay.kill());
    await relay.until('The relay', (line) => line === 'listening');
    return { relay, order: tell(relay) };
  }

  /** Starts asking for the site's address as a client does; answers what gives what it has seen so far. */
  async dig(server: string = hosts.dns): Promise<() => Promise<Answers>> {
    const dig = new LabProcess<Answers>('dig-process.ts', [server, site], this.#on('client'));
    this.atEnd(() => dig.kill());
    await dig.until('The client', () => true);
    return async () => {
      dig.lines.splice(0);
      dig.send({ report: true });
      return dig.until('A report', () => true);
    };
  }

  /** Where a test's monitor keeps its state. */
  newStateFolder(): string {
    return join(this.folder, `state-${(this.#count += 1)}`);
  }

  /** Starts a monitor over a state folder; it checks four times a second and believes three failures. */
  async monitor(
    stateFolder: string,
    changes: Partial<Settings> = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<Monitor> {
    const path = join(this.folder, `failover-${(this.#count += 1)}.json`);
    await writeFile(path, JSON.stringify({ ...faultSettings(stateFolder), ...changes }));
    const monitor = new LabProcess<Event>('monitor-process.ts', [path], { ...this.#on('monitor'), env });
    this.atEnd(() => monitor.kill());
    await monitor.until('The start', ({ Event }) => Event === 'Started');
    return monitor;
  }

  table(): Promise<string[]> {
    return this.bind.table(site);
  }

  /** The serial number of the zone: each update that changes something adds one. */
  async serial(): Promise<number> {
    const dig = ['dig', `@${hosts.dns}`, '+short', '+time=1', '+tries=3', site, 'SOA'];
    const [program = '', ...args] = [...this.network.on('dns'), ...dig];
    const { stdout } = await run(program, args);
    return Number(stdout.split(' ')[2]);
  }

  /** Runs a program on a host. */
  async run(host: Host, ...command: readonly string[]): Promise<string> {
    const [program = '', ...args] = [...this.network.on(host), ...command];
    return (await run(program, args)).stdout;
  }

  #on(host: Host): { prefix: string[] } {
    return { prefix: this.network.on(host) };
  }
}

export const healthCheck = { intervalSeconds: 0.25, timeoutSeconds: 0.4, attempts: 3, retrySeconds: 0.1 };
export const dns: NonNullable<Settings['dns']> = {
  servers: [{ address: hosts.dns }],
  key: { name: 'failover', algorithm: 'hmac-sha256', secret: { file: 'key.txt' } },
  timeoutSeconds: 0.5,
};

export function faultSettings(stateFolder: string): Settings {
  return {
    servers: [
      { name: 'PRIMARY', role: 'primary', addresses: [hosts.primary] },
      { name: 'FAILOVER', role: 'failover', addresses: [hosts.failover] },
    ],
    sites: [{ name: site, hostNames: [site] }],
    healthCheck,
    dns,
    monitor: { failbackAfter: 3, holdSeconds: 0, flapping: { failovers: 100 } },
    stateFolder,
  };
}

function tell<T extends object>(process: LabProcess<string>): (order: T) => Promise<void> {
  return async (order) => {
    process.send(order);
    await process.until('The answer to an order', (line) => line === 'done');
  };
}

export const isSwitch =
  (action: 'Failover' | 'Failback') =>
  (event: Event): boolean =>
    event.Event === 'Switch' && event.Action === action;

export const hasReason =
  (reason: string) =>
  (event: Event): boolean =>
    event.Reason === reason;
