import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { DnsServer } from '../../src/dns/index.ts';
import { FrameReader } from '../../src/dns/transport.ts';
import { uint16 } from '../../src/dns/rdata.ts';
import { startTcp, type TestServer } from '../support/web-server.ts';

export type Transport = 'udp' | 'tcp';

export interface FakeServer {
  readonly server: DnsServer;
  /** The messages that came, in order. */
  readonly seen: readonly { readonly bytes: Buffer; readonly transport: Transport }[];
  stop(): Promise<void>;
}

/** A name server on loopback that answers what the test says: none, one or several messages. */
export async function startFakeServer(
  answer: (bytes: Buffer, transport: Transport) => readonly Buffer[],
): Promise<FakeServer> {
  const seen: { bytes: Buffer; transport: Transport }[] = [];
  const ask = (bytes: Buffer, transport: Transport): readonly Buffer[] => {
    seen.push({ bytes, transport });
    return answer(bytes, transport);
  };
  const { udp, tcp } = await listen((socket) => {
    const frames = new FrameReader();
    socket.on('data', (bytes: Buffer) => {
      for (const message of frames.push(bytes))
        for (const one of ask(message, 'tcp')) socket.write(framed(one));
    });
  });
  udp.on('message', (bytes, from) => {
    for (const one of ask(bytes, 'udp')) udp.send(one, from.port, from.address);
  });
  return {
    server: { address: '127.0.0.1', port: tcp.port },
    seen,
    stop: async () => {
      udp.close();
      await tcp.close();
    },
  };
}

/** Both transports on one port; where UDP has no free one of that number, another is tried. */
async function listen(onConnection: (socket: Socket) => void): Promise<{ udp: UdpSocket; tcp: TestServer }> {
  for (let attempt = 1; ; attempt++) {
    const tcp = await startTcp(onConnection);
    const udp = createSocket('udp4');
    try {
      udp.bind(tcp.port, '127.0.0.1');
      await once(udp, 'listening');
      return { udp, tcp };
    } catch (error) {
      await tcp.close();
      udp.close();
      if (attempt === 10) throw error;
    }
  }
}

/** As a message stands in a TCP stream. */
export function framed(message: Buffer): Buffer {
  return Buffer.concat([uint16(message.length), message]);
}

/** An answer to a message without any records: QR set, and this code. */
export function bareAnswer(message: Buffer, code = 0): Buffer {
  const answer = Buffer.from(message.subarray(0, 12));
  answer[2] = answer[2]! | 0x80;
  answer[3] = code;
  answer.fill(0, 4);
  return answer;
}
