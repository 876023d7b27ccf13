import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { describeServer, type DnsServer } from './server.ts';

/** A question under way. Only the first call counts. */
export interface Waiting {
  answered(answer: Buffer): void;
  failed(error: Error): void;
}

/** Questions that share a socket: as many answers as its receive buffer surely holds. */
const shareLimit = 64;

/** A socket and the questions under way on it, by the id of their messages. */
interface SharedSocket {
  readonly socket: Socket;
  readonly ready: Promise<void>;
  readonly waiting: Map<number, Waiting>;
}

/** By the place of the server; as few as there are name servers. */
const sockets = new Map<string, Set<SharedSocket>>();

/**
 * Sends a message by UDP. Questions to one server at the same time share a few sockets, which are closed when nothing
 * is under way: reading a thousand sites otherwise costs more in sockets than in answers.
 * @returns ends the wait; to be called once, however it ended
 * @throws RangeError where there is no such port
 */
export function ask(server: DnsServer, message: Buffer, waiting: Waiting): () => void {
  const place = describeServer(server);
  const open = sockets.get(place) ?? new Set<SharedSocket>();
  const id = message.readUInt16BE(0);
  const free = [...open].find((one) => one.waiting.size < shareLimit && !one.waiting.has(id));
  const shared = free ?? connected(server, (broken) => open.delete(broken));
  open.add(shared);
  sockets.set(place, open);
  shared.waiting.set(id, waiting);
  void shared.ready.then(() => {
    if (shared.waiting.get(id) === waiting) shared.socket.send(message);
  });
  return () => {
    if (shared.waiting.get(id) === waiting) shared.waiting.delete(id);
    if (shared.waiting.size > 0 || !open.delete(shared)) return;
    shared.socket.close();
  };
}

/** Connected, so that answers of others are dropped and a closed port is told. */
function connected(server: DnsServer, onBroken: (shared: SharedSocket) => void): SharedSocket {
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
  const waiting = new Map<number, Waiting>();
  let isReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  try {
    socket.connect(server.port, server.address, () => isReady());
  } catch (error) {
    socket.close();
    throw error;
  }
  const shared: SharedSocket = { socket, ready, waiting };
  // A server whose port is closed answers none of them.
  socket.on('error', (error) => {
    onBroken(shared);
    for (const one of [...waiting.values()]) one.failed(error);
    socket.close();
  });
  socket.on('message', (answer) => {
    // Anything else is not for us: the questions go on waiting.
    if (isAnswer(answer)) waiting.get(answer.readUInt16BE(0))?.answered(answer);
  });
  return shared;
}

/** Has a whole header, with the flag QR. */
export function isAnswer(message: Buffer): boolean {
  return message.length >= 12 && (message[2]! & 0x80) !== 0;
}
