/**
 * Run by the fault tests on the host of the DNS server: passes UDP messages on to it, after a delay or not at all,
 * as it was told last. Arguments: address and port to listen at, address and port of the server. Says `update` when an
 * UPDATE has come (RFC 2136) and, where it was passed on, has been answered.
 */
import { createSocket } from 'node:dgram';
import { onInput, say } from './process.ts';

export interface RelayOrder {
  /** What becomes of updates: answered, made without an answer, or lost. */
  readonly updates?: 'pass' | 'answer lost' | 'lost';
  /** Each answer is held back for so long. */
  readonly delayMs?: number;
}

const opcodeUpdate = 5;
const [address = '', port = '', server = '', serverPort = ''] = process.argv.slice(2);
let order: Required<RelayOrder> = { updates: 'pass', delayMs: 0 };
const socket = createSocket('udp4');
socket.on('message', (bytes, { address: from, port: fromPort }) => {
  const isUpdate = ((bytes[2]! >> 3) & 0xf) === opcodeUpdate;
  const { updates, delayMs } = order;
  if (isUpdate && updates === 'lost') return say('update');
  const upstream = createSocket('udp4');
  upstream.on('error', () => upstream.close());
  upstream.once('message', (answer) => {
    upstream.close();
    if (isUpdate) say('update');
    if (isUpdate && updates === 'answer lost') return;
    setTimeout(() => socket.send(answer, fromPort, from), delayMs);
  });
  upstream.send(bytes, Number(serverPort), server);
});
onInput<RelayOrder>((next) => {
  order = { ...order, ...next };
  say('done');
});
socket.bind(Number(port), address, () => say('listening'));
