import { EventEmitter, once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

export interface TestServer {
  readonly port: number;
  /** Resolves when no connection is open any more; the test's own timeout bounds it. */
  drained(): Promise<void>;
  /** Closes it and every connection. */
  close(): Promise<void>;
}

export function startHttp(listener: RequestListener, address = '127.0.0.1'): Promise<TestServer> {
  return start(createHttpServer(listener), address);
}

export function startHttps(options: ServerOptions, listener: RequestListener): Promise<TestServer> {
  return start(createHttpsServer(options, listener), '127.0.0.1');
}

/** A server that does what it likes with each connection. */
export function startTcp(listener: (socket: Socket) => void): Promise<TestServer> {
  return start(
    createTcpServer((socket) => {
      socket.on('error', () => undefined); // probes cut connections off
      socket.resume(); // what is not read hides that the other side is gone
      listener(socket);
    }),
    '127.0.0.1',
  );
}

async function start(server: Server, address: string): Promise<TestServer> {
  const open = new Set<Socket>();
  const changes = new EventEmitter();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      changes.emit('closed');
    });
  });
  server.listen(0, address);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    drained: async () => {
      while (open.size > 0) await once(changes, 'closed');
    },
    close: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
