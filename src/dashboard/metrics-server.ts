import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import type { Secret } from '../model/secret.ts';
import { hostPort, isOwnHost } from './address.ts';
import type { SocketAddress } from '../model/socket-address.ts';
import { encodeFor } from './compress.ts';
import { closeServer, listenOn } from './listen.ts';
import { isSame } from './token.ts';

export interface MetricsServerOptions {
  readonly address: SocketAddress;
  /** The one in force; without one everyone on this machine may read. */
  readonly token: () => Secret | undefined;
  readonly text: () => Promise<{ readonly type: string; readonly body: string }>;
}

export interface MetricsServer {
  /** `http://127.0.0.1:9797/metrics` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the metrics to a Prometheus server.
 *
 * | request                                | answer          |
 * |----------------------------------------|-----------------|
 * | no token is set, and a foreign Host    | 421             |
 * | not GET or HEAD                        | 405             |
 * | a token is set, and no or another one  | 401             |
 * | `/metrics`                             | the text format |
 * | anything else                          | 404             |
 *
 * @throws FailoverError MetricsUnavailable
 */
export async function startMetricsServer({
  address,
  token: currentToken,
  text,
}: MetricsServerOptions): Promise<MetricsServer> {
  let port = address.port;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, words: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
      response.end(`${words}\n`);
    };
    const token = currentToken();
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    // No page of another name may read what needs no token (DNS rebinding).
    if (
      token === undefined &&
      !isOwnHost(request.headers.host, port, ['localhost', hostname().toLowerCase()])
    )
      return refuse(421, 'The Host header does not name this server.');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(405, 'The metrics can only be read.', { allow: 'GET, HEAD' });
    if (token !== undefined && !hasBearer(request, token))
      return refuse(401, 'Send the token of monitor.metrics as a bearer token.', {
        'www-authenticate': 'Bearer realm="IisFailover metrics"',
      });
    if ((request.url ?? '').split('?')[0] !== '/metrics') return refuse(404, 'The metrics are at /metrics.');
    const { type, body } = await text();
    const encoded = await encodeFor(request, body);
    response.writeHead(200, { 'content-type': type, ...encoded.headers });
    response.end(encoded.body);
  };

  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 8192 },
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  port = await listenOn(server, address, 'MetricsUnavailable');
  return { url: `http://${hostPort(address.host, port)}/metrics`, close: () => closeServer(server) };
}

/** Authorization: Bearer, the scheme in any case (RFC 9110, section 11.1). */
export function hasBearer({ headers }: IncomingMessage, token: Secret): boolean {
  const bearer = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer !== undefined && isSame(bearer, token.reveal());
}
