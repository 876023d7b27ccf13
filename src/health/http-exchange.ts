import type { Socket } from 'node:net';
import { HTTPParser } from 'http-parser-js';
import type { HttpMethod } from './health-check.ts';

/** What comes before the body. */
export interface AnswerHead {
  readonly status: number;
  readonly location: string | undefined;
}

export interface Exchange {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body that are wanted. */
  readonly bodyLimit: number;
  /** Called once; false where no body is wanted. What it throws is what the exchange ends with. */
  readonly onHead: (head: AnswerHead) => boolean;
}

/**
 * One request and its answer over an open connection, which is good for no other. node:http would take twice the time.
 * Resolves with the body, up to its limit; rejects with what the connection or the parser reports.
 */
export function exchange(
  socket: Socket,
  { method, url, headers, bodyLimit, onHead }: Exchange,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parser = new HTTPParser(HTTPParser.RESPONSE);
    parser.maxHeaderSize = 16 * 1024; // as node:http
    const chunks: Buffer[] = [];
    let length = 0;
    let interim = false;
    let settled = false;
    const settle = (end: () => void): void => {
      if (settled) return;
      settled = true;
      socket.pause();
      end();
    };
    const complete = (): void => settle(() => resolve(Buffer.concat(chunks).subarray(0, bodyLimit)));
    const broken = (): void =>
      settle(() => reject(Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' })));
    parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, headers: fields }) => {
      // RFC 9110 section 15.2: an interim answer comes before the one that counts.
      interim = statusCode >= 100 && statusCode < 200;
      if (interim && statusCode !== 101) return 0;
      try {
        if (interim) throw new Error('it switched protocols');
        if (!onHead({ status: statusCode, location: fieldOf(fields, 'location') })) complete();
      } catch (error) {
        settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
      return method === 'HEAD' ? 1 : 0;
    };
    parser[HTTPParser.kOnBody] = (buffer, offset, size) => {
      chunks.push(buffer.subarray(offset, offset + size));
      length += size;
      if (length >= bodyLimit) complete();
    };
    parser[HTTPParser.kOnMessageComplete] = () => {
      if (!interim) complete();
    };
    socket.on('data', (data: Buffer) => {
      if (settled) return;
      const result = parser.execute(data);
      if (result instanceof Error) settle(() => reject(result));
    });
    socket.once('end', () => {
      if (!settled) parser.finish(); // completes a body that ends with the connection
      broken();
    });
    socket.once('error', (error) => settle(() => reject(error)));
    socket.once('close', broken);
    socket.write(requestText(method, url, headers), 'latin1');
  });
}

function requestText(method: HttpMethod, url: URL, headers: Readonly<Record<string, string>>): string {
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

/** Names and values alternate. */
function fieldOf(fields: readonly string[], name: string): string | undefined {
  const index = fields.findIndex((field, i) => i % 2 === 0 && field.toLowerCase() === name);
  return index < 0 ? undefined : fields[index + 1];
}
