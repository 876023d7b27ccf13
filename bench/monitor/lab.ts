import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { access, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeQuery } from '../../src/dns/message.ts';

export const zone = 'bench.test';
export const webPort = 8981;
/** The failover server; every other address of 127.0.0.0/8 is a primary. */
export const standby = '127.79.0.1';

export const siteName = (index: number): string => `s${index}.${zone}`;
/** Each site's own primary, for peers that probe an address once however many sites it serves. */
export const primaryOf = (index: number): string => `127.78.${index >> 8}.${index & 255 || 1}`;

/** A process that a measure has started. */
export class Server {
  readonly child: ChildProcess;
  #log = '';

  constructor(program: string, args: readonly string[]) {
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (this.#log = (this.#log + text).slice(-3000)));
  }

  /** Waits for a sign that it works, for half a minute. */
  async until(works: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      if (await works()) return;
      if (this.child.exitCode !== null) break;
      await sleep(100);
    }
    throw new Error(`${this.child.spawnfile} does not work:\n${this.#log}`);
  }

  /** User and system seconds so far: proc(5), fields 14 and 15 of stat, in hundredths. */
  async cpuSeconds(): Promise<number> {
    const fields = (await readFile(`/proc/${this.child.pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  /** The most memory that it had so far, in MB. */
  async peakMegabytes(): Promise<number> {
    const status = await readFile(`/proc/${this.child.pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGCONT');
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}

/** Asks DNS servers for addresses of sites, again and again. */
export class Poller {
  readonly #socket = createSocket('udp4');
  readonly #waiting = new Map<number, (answer: Buffer) => void>();
  #id = 0;

  constructor() {
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', (bytes) => this.#waiting.get(bytes.readUInt16BE(0))?.(bytes));
  }

  /** The address that a server gives now; undefined where it gives none within the time. */
  async ask(server: DnsPeer, site: number, timeoutMs = 300): Promise<string | undefined> {
    const id = (this.#id = (this.#id + 1) & 0xffff);
    const answer = await new Promise<Buffer | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), timeoutMs);
      this.#waiting.set(id, (bytes) => {
        clearTimeout(timer);
        resolve(bytes);
      });
      this.#socket.send(encodeQuery(id, { name: siteName(site), type: 'A' }), server.port, server.address);
    });
    this.#waiting.delete(id);
    if (answer === undefined || answer.readUInt16BE(6) === 0) return undefined;
    // These servers answer with one address, after a name that is a pointer: 12 octets of header and the question,
    // then pointer (2), type, class (2 each), TTL (4), length (2).
    const at = 12 + siteName(site).length + 2 + 4 + 12;
    return [...answer.subarray(at, at + 4)].join('.');
  }

  /** Ms from now until each of these sites has this address there (or another one); Infinity after the limit. */
  async changes(
    server: DnsPeer,
    sites: readonly number[],
    toStandby: boolean,
    limitMs: number,
  ): Promise<number[]> {
    const started = performance.now();
    return Promise.all(
      sites.map(async (site, index) => {
        await sleep(index); // not all at once
        for (;;) {
          const address = await this.ask(server, site);
          const elapsed = performance.now() - started;
          if (address !== undefined && (address === standby) === toStandby) return elapsed;
          if (elapsed > limitMs) return Infinity;
          await sleep(20);
        }
      }),
    );
  }

  close(): void {
    this.#socket.close();
  }
}

export interface DnsPeer {
  readonly address: string;
  readonly port: number;
}

export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
