/**
 * Run by the fault tests on the host of a client: asks a name server for the address of a name a hundred times a
 * second, as many visitors would. Arguments: server, name. Answers `{ report: true }` with what it has seen.
 */
import { createSocket } from 'node:dgram';
import { decodeMessage, encodeQuery, rcode } from '../../../src/dns/message.ts';
import { onInput, say } from './process.ts';

/** What the loop has seen. */
export interface Answers {
  readonly queries: number;
  readonly answers: number;
  /** Each answer that differs from the one before it: addresses, or the response code. */
  readonly seen: readonly string[];
}

const [server = '', name = ''] = process.argv.slice(2);
const words = new Map(Object.entries(rcode).map(([word, code]) => [code as number, word]));
const socket = createSocket('udp4');
const seen: string[] = [];
let queries = 0;
let answers = 0;

socket.on('error', () => undefined); // a network that is down is no answer
socket.on('message', (bytes) => {
  const { rcode: code, answer } = decodeMessage(bytes);
  answers += 1;
  const addresses = answer.map(({ data }) => data).sort();
  const word = code !== 0 ? (words.get(code) ?? String(code)) : addresses.join(' ') || 'NODATA';
  if (seen.at(-1) !== word) seen.push(word);
});
setInterval(() => {
  queries += 1;
  socket.send(encodeQuery(queries & 0xffff, { name, type: 'A' }), 53, server);
}, 10);
onInput<{ report: true }>(() => say({ queries, answers, seen } satisfies Answers));
say({ queries, answers, seen } satisfies Answers);
