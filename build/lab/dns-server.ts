import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { normaliseName, type RecordSet, type TsigKey } from '../../src/dns/index.ts';
import { uint16 } from '../../src/dns/rdata.ts';
import { FrameReader } from '../../src/dns/transport.ts';
import { respond, type Zones } from './dns-answer.ts';
import { soaOf } from './zone.ts';

/*
 * FOR THE LAB ALONE, no part of the product: a small authoritative DNS server for the demo and for tests where no
 * BIND is at hand. It answers queries, transfers zones to everyone, and takes updates signed with its one key
 * (RFC 2136, RFC 8945). It keeps zones in memory; no delegations, wildcards, DNSSEC, NOTIFY or EDNS.
 */

export interface LabDnsOptions {
  /** IPv4 or IPv6 address to listen on. */
  readonly address: string;
  /** The same for UDP and TCP; 0 takes a free one. */
  readonly port: number;
  /** The only key that may update. */
  readonly key: TsigKey;
  /** The record sets of each zone, with its SOA record. */
  readonly zones: Readonly<Record<string, readonly RecordSet[]>>;
}

export interface LabDns {
  readonly address: string;
  readonly port: number;
  /** What a zone holds now. */
  zone(name: string): readonly RecordSet[];
  stop(): Promise<void>;
}

/** Starts the server. Throws RangeError for a zone without SOA record, and what listening throws. */
export async function startLabDns(options: LabDnsOptions): Promise<LabDns> {
  const zones: Zones = new Map();
  for (const [text, sets] of Object.entries(options.zones)) {
    const name = normaliseName(text);
    zones.set(name, { name, sets });
    soaOf({ name, sets });
  }
  const ask = (message: Buffer, transport: 'udp' | 'tcp') =>
    respond(message, transport, zones, options.key, new Date());
  const connections = new Set<Socket>();
  const { udp, tcp } = await listen(options.address, options.port);
  udp.on('message', (message, from) => {
    for (const answer of ask(message, 'udp')) udp.send(answer, from.port, from.address);
  });
  tcp.on('connection', (socket) => {
    connections.add(socket);
    const frames = new FrameReader();
    socket.on('data', (bytes) => {
      for (const answer of frames.push(bytes).flatMap((message) => ask(message, 'tcp')))
        socket.write(Buffer.concat([uint16(answer.length), answer]));
    });
    socket.on('error', () => socket.destroy()); // a client that went away
    socket.on('close', () => connections.delete(socket));
  });
  return {
    address: options.address,
    port: udp.address().port,
    zone: (name) => zones.get(normaliseName(name))?.sets ?? [],
    stop: async () => {
      connections.forEach((socket) => socket.destroy());
      await Promise.all([closed(udp), closed(tcp)]);
    },
  };
}

/** Both transports on one port; where a free TCP port is taken by UDP, another one is tried. */
async function listen(address: string, port: number): Promise<{ udp: UdpSocket; tcp: Server }> {
  for (let attempt = 1; ; attempt++) {
    const tcp = createServer().listen(port, address);
    await once(tcp, 'listening');
    const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    udp.bind((tcp.address() as AddressInfo).port, address);
    try {
      await once(udp, 'listening');
      return { udp, tcp };
    } catch (error) {
      await closed(tcp);
      udp.close();
      if (port !== 0 || attempt === 10) throw error;
    }
  }
}

function closed(server: { close(done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}
