/**
 * Run by the fault tests on the host of a web server: answers as it was told last. Arguments: address, port.
 */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { onInput, say } from './process.ts';

/** How a web server is to answer from now on; what is left out stays. */
export interface WebOrder {
  readonly status?: number;
  readonly body?: string;
  /** Each answer is held back for so long. */
  readonly delayMs?: number;
  /** PEM files; from the next connection on. */
  readonly certificate?: { readonly key: string; readonly cert: string };
}

const [address = '', port = '', ...files] = process.argv.slice(2);
let order: WebOrder = { status: 200, body: 'It works.', delayMs: 0 };
const answer: RequestListener = (_request, response) => {
  const { status = 200, body, delayMs } = order;
  setTimeout(() => response.writeHead(status, { connection: 'close' }).end(body), delayMs);
};
const pem = (key: string, cert: string) => ({ key: readFileSync(key), cert: readFileSync(cert) });
const [key, cert] = files;
const secure = key === undefined ? undefined : createSecureServer(pem(key, cert!), answer);
onInput<WebOrder>((next) => {
  order = { ...order, ...next };
  if (next.certificate !== undefined)
    secure?.setSecureContext(pem(next.certificate.key, next.certificate.cert));
  say('done');
});
(secure ?? createServer(answer)).listen(Number(port), address, () => say('listening'));
