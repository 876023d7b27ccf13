import type { DnsProvider, DnsServer, RecordSet, ZoneChange } from '../../src/dns/index.ts';
import type { Clock } from '../../src/edge/clock.ts';
import { bindSettings, type LoadedSettings } from '../../src/settings/load.ts';
import type { Settings } from '../../src/settings/schema.ts';
import type { HealthCheck, Prober, ProbeResult } from '../../src/health/index.ts';

/** Zones in memory behind the provider's seam, with the faults a test asks for. */
export class FakeProvider implements DnsProvider {
  readonly zones: Map<string, RecordSet[]>;
  readonly applied: ZoneChange[] = [];
  /** Thrown by the next apply. */
  fault: Error | undefined;
  /** Thrown by read. */
  readFault: Error | undefined;
  /** Thrown by apply for a zone. */
  readonly faultIn = new Map<string, Error>();
  /** Name servers that do not show changes. */
  lagging: readonly DnsServer[] = [];
  /** Called before a change is applied. */
  onApply: (() => Promise<void>) | undefined;

  constructor(zones: Readonly<Record<string, readonly RecordSet[]>>) {
    this.zones = new Map(Object.entries(zones).map(([zone, sets]) => [zone, [...sets]]));
  }

  async zoneOf(hostName: string): Promise<string> {
    const zone = [...this.zones.keys()].find((name) => hostName === name || hostName.endsWith(`.${name}`));
    if (zone === undefined) throw new Error(`no zone for ${hostName}`);
    return zone;
  }

  async read(zone: string, names: readonly string[]): Promise<RecordSet[]> {
    if (this.readFault !== undefined) throw this.readFault;
    return (this.zones.get(zone) ?? []).filter((set) => names.includes(set.name));
  }

  async apply(change: ZoneChange): Promise<void> {
    await this.onApply?.();
    const fault = this.fault ?? this.faultIn.get(change.zone);
    if (fault !== undefined) throw fault;
    const sets = (this.zones.get(change.zone) ?? []).filter(
      (set) => !change.changes.some((one) => one.name === set.name && one.type === set.type),
    );
    this.zones.set(change.zone, [...sets, ...change.changes.flatMap((one) => one.after ?? [])]);
    this.applied.push(change);
  }

  async readBack(change: ZoneChange) {
    const servers = this.lagging.map((server) => ({
      server,
      confirmed: false,
      differences: ['the old one'],
    }));
    return { zone: change.zone, confirmed: servers.length === 0, servers };
  }
}

/** Servers by address: a status, or undefined for one that does not answer. */
export class FakeProber implements Prober {
  readonly status = new Map<string, number | undefined>();
  probes = 0;
  onProbe: ((address: string, check: HealthCheck) => void) | undefined;
  readonly #clock: Clock;

  constructor(clock = fakeClock) {
    this.#clock = clock;
  }

  async probe(check: HealthCheck, address: string): Promise<ProbeResult> {
    this.probes += 1;
    this.onProbe?.(address, check);
    const status = this.status.get(address);
    const healthy = status === 200;
    return {
      address,
      url: `http://${check.hostName}/`,
      healthy,
      statusCode: status ?? null,
      latencyMs: 1,
      certificateDaysLeft: null,
      certificateSubject: null,
      error: healthy ? null : 'it does not answer as expected',
      failure: healthy ? null : status === undefined ? 'connect' : 'status',
      warning: null,
      time: this.#clock.now(),
    };
  }
}

export const fakeClock: Clock = {
  now: () => new Date('2026-01-02T03:04:05Z'),
  monotonic: () => 0,
  sleep: async () => undefined,
};

export const settings: Settings = {
  servers: [
    { name: 'PRIMARY', role: 'primary', addresses: ['10.1.1.1'] },
    { name: 'FAILOVER', role: 'failover', addresses: ['10.1.1.2'] },
  ],
  sites: [
    { name: 'site1.com', hostNames: ['site1.com'] },
    { name: 'site2.com', hostNames: ['site2.com', 'shop.example.net'] },
  ],
  dns: { servers: [{ address: '10.1.1.3' }] },
};

export function loadedWith(changes: Partial<Settings> = {}): LoadedSettings {
  return bindSettings('/lab/failover.json', { ...settings, ...changes });
}
