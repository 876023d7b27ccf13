import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const gzipped = promisify(gzip);
/** What fits a packet gains nothing. */
const worthwhile = 1400;

export interface Encoded {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The body as the client takes it: gzip where it is accepted (RFC 9110, section 12.5.3) and worth it. */
export async function encodeFor(request: IncomingMessage, text: string): Promise<Encoded> {
  const body = Buffer.from(text);
  const vary = { vary: 'accept-encoding' };
  if (body.length < worthwhile || !acceptsGzip(request.headers['accept-encoding']))
    return { body, headers: vary };
  return { body: await gzipped(body, { level: 3 }), headers: { ...vary, 'content-encoding': 'gzip' } };
}

export function acceptsGzip(header: string | string[] | undefined): boolean {
  const weights = new Map(
    String(header ?? '')
      .toLowerCase()
      .split(',')
      .map((part) => {
        const [coding = '', ...parameters] = part.split(';').map((one) => one.trim());
        const weight = parameters.find((one) => one.startsWith('q='))?.slice(2);
        return [coding, weight === undefined ? 1 : Number(weight)];
      }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
