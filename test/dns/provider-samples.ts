import { type LabDns, startLabDns } from '../../build/lab/dns-server.ts';
import {
  createRfc2136Provider,
  type DnsProvider,
  parseTsigKey,
  recordSet,
  type RecordSet,
  type Rfc2136Options,
  type ZoneChange,
} from '../../src/dns/index.ts';
import { opcode } from '../../src/dns/message.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { a } from './samples.ts';

export const key = parseTsigKey('c2VjcmV0IG9mIHRoZSBsYWIsIDMyIGJ5dGVzIGxvbmc=', {
  name: 'failover',
  algorithm: 'hmac-sha256',
});
export const soa = (zone: string, primary = `ns.${zone}`): RecordSet =>
  recordSet(zone, 'SOA', 300, [`${primary} root.${zone} 1 300 60 86400 300`]);
export const ns = (zone: string, ...hosts: string[]): RecordSet => recordSet(zone, 'NS', 300, hosts);

/** A zone, and the change that moves it. */
export const before = [soa('site1.com'), ns('site1.com', 'ns.site1.com'), a('site1.com', '10.1.1.1')];
export const change: ZoneChange = {
  zone: 'site1.com',
  changes: [
    { name: 'site1.com', type: 'A', before: a('site1.com', '10.1.1.1'), after: a('site1.com', '10.1.1.2') },
  ],
  guards: [{ name: 'site1.com', type: 'AAAA', expected: null }],
};

export const provider = (options: Partial<Rfc2136Options>): DnsProvider =>
  createRfc2136Provider({ key, clock: systemClock, ...options });

/** Servers that are stopped after each test of the suite it is called in. */
export function stoppedAfterEach() {
  const servers: { stop(): Promise<unknown> }[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((one) => one.stop())));
  const keep = <S extends { stop(): Promise<unknown> }>(server: S): S => {
    servers.push(server);
    return server;
  };
  return {
    keep,
    lab: async (
      zones: Readonly<Record<string, readonly RecordSet[]>>,
      address = '127.0.0.1',
      port = 0,
    ): Promise<LabDns> => keep(await startLabDns({ address, port, key, zones })),
  };
}

export function isUpdate(bytes: Buffer): boolean {
  return ((bytes[2]! >> 3) & 0xf) === opcode.update;
}
