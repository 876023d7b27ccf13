import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import type { Secret } from '../model/secret.ts';
import { contentSecurityPolicy, type PageAssets } from '../report/page.ts';
import { hostPort, isOwnHost } from './address.ts';
import type { SocketAddress } from '../model/socket-address.ts';
import { encodeFor } from './compress.ts';
import { closeServer, listenOn } from './listen.ts';
import { hasBearer } from './metrics-server.ts';
import { cookieValue, isSame } from './token.ts';

/** What is shown now; the version changes whenever it does. */
export interface DashboardView {
  readonly version: string;
  /** A whole page, and the part of it that changes. */
  page(): string;
  main(): string;
}

export interface DashboardOptions {
  readonly address: SocketAddress;
  readonly token: Secret;
  readonly assets: PageAssets;
  readonly view: () => Promise<DashboardView>;
  /** The metrics, for Prometheus. */
  readonly metrics: () => Promise<{ readonly type: string; readonly body: string }>;
}

export interface DashboardServer {
  /** `http://127.0.0.1:8787/` */
  readonly url: string;
  /** Tells the pages that are open of a new version. */
  announce(view: DashboardView): void;
  /** True where a page is open, or was asked for in the last minute. */
  watched(): boolean;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Pages that are open at the same time; each holds a connection. */
const mostFollowers = 50;
const keepAliveMs = 20_000;
const watchedMs = 60_000;
const html = 'text/html; charset=utf-8';

/**
 * Serves the page, for reading only, to those who have the token.
 *
 * | request                        | answer                                                     |
 * |--------------------------------|------------------------------------------------------------|
 * | Host is not this server        | 421                                                        |
 * | not GET or HEAD                | 405                                                        |
 * | `/?token=` the token           | 303 to `/`, with the cookie: the address forgets the token |
 * | neither cookie nor Bearer      | 401                                                        |
 * | `/`, `/main`, `/events`        | the page, its changing part, server-sent events            |
 * | `/metrics`                     | the metrics, for Prometheus                                |
 * | anything else                  | 404                                                        |
 *
 * @throws FailoverError DashboardUnavailable
 */
export async function startDashboard(options: DashboardOptions): Promise<DashboardServer> {
  const { address, token, assets, view, metrics } = options;
  const followers = new Set<ServerResponse>();
  const policy = `${contentSecurityPolicy(assets, { live: true })}; frame-ancestors 'none'`;
  let port = address.port;
  let askedAt = -Infinity;
  /** What was rendered last: all who follow ask for it at once. */
  const rendered = new Map<'page' | 'main', { readonly version: string; readonly text: string }>();
  const render = (part: 'page' | 'main', shown: DashboardView): string => {
    let last = rendered.get(part);
    if (last?.version !== shown.version)
      rendered.set(part, (last = { version: shown.version, text: shown[part]() }));
    return last.text;
  };

  const isAdmitted = (request: IncomingMessage): boolean => {
    const { headers } = request;
    const cookie = new RegExp(`(?:^|;\\s*)${cookieName(port)}=([^;]*)`).exec(headers.cookie ?? '')?.[1];
    if (cookie !== undefined && isSame(cookie, cookieValue(token))) return true;
    return hasBearer(request, token);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, words: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
      response.end(`${words}\n`);
    };
    const show = async (type: string, text: string, headers: Record<string, string> = {}): Promise<void> => {
      const encoded = await encodeFor(request, text);
      response.writeHead(200, { 'content-type': type, ...headers, ...encoded.headers });
      response.end(encoded.body);
    };
    for (const [name, value] of securityHeaders(policy)) response.setHeader(name, value);
    if (!isOwnHost(request.headers.host, port, ['localhost', hostname().toLowerCase()]))
      return refuse(421, 'The Host header does not name this server.');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(405, 'The dashboard only shows.', { allow: 'GET, HEAD' });
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const given = new URLSearchParams(query).get('token');
    if (path === '/' && given !== null && isSame(given, token.reveal())) {
      const cookie = `${cookieName(port)}=${cookieValue(token)}; HttpOnly; SameSite=Strict; Path=/`;
      response.writeHead(303, { location: '/', 'set-cookie': cookie });
      return void response.end();
    }
    if (!isAdmitted(request))
      return refuse(401, 'Open the address with the token that the monitor has given.', {
        'www-authenticate': 'Bearer realm="IisFailover dashboard"',
      });
    if (path === '/' || path === '/main') {
      askedAt = performance.now();
      const shown = await view();
      return show(html, render(path === '/' ? 'page' : 'main', shown), { 'x-version': shown.version });
    }
    if (path === '/metrics') {
      const { type, body } = await metrics();
      return show(type, body);
    }
    if (path !== '/events') return refuse(404, 'There is nothing here.');
    if (followers.size >= mostFollowers) return refuse(503, 'Too many pages are open.');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (request.method === 'HEAD') return void response.end();
    followers.add(response);
    response.write(versionEvent(await view()));
    response.on('close', () => followers.delete(response));
  };

  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 8192 },
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  port = await listenOn(server, address, 'DashboardUnavailable');
  const keepAlive = setInterval(() => followers.forEach((one) => one.write(':\n\n')), keepAliveMs);
  return {
    url: `http://${hostPort(address.host, port)}/`,
    announce: (shown) => followers.forEach((one) => one.write(versionEvent(shown))),
    watched: () => followers.size > 0 || performance.now() - askedAt < watchedMs,
    close: () => {
      clearInterval(keepAlive);
      return closeServer(server);
    },
  };
}

/** Cookies are shared by all ports of a host: each dashboard has a name of its own. */
function cookieName(port: number): string {
  return `iisfailover-${port}`;
}

function versionEvent({ version }: DashboardView): string {
  return `event: version\ndata: ${version}\n\n`;
}

function securityHeaders(policy: string): readonly (readonly [string, string])[] {
  return [
    ['content-security-policy', policy],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['cache-control', 'no-store'],
  ];
}
