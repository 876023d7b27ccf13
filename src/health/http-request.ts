import type { HttpMethod } from './health-check.ts';

/** The request of a probe over a connection that is good for no other, in latin1. */
export function requestText(
  method: HttpMethod,
  url: URL,
  headers: Readonly<Record<string, string>> = {},
): string {
  const fields = new Map([
    ['user-agent', 'IisFailover'],
    ['accept', '*/*'],
    ...Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]),
    ['host', url.host],
    ['connection', 'close'],
    ...(method === 'POST' ? ([['content-length', '0']] as const) : []),
  ]);
  const lines = [...fields].map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
