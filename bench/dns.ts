import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRfc2136Provider, parseTsigKey, recordSet, type RecordSetChange } from '../src/dns/index.ts';
import { systemClock } from '../src/edge/clock.ts';
import { freePort } from '../test/support/free-port.ts';
import { startLabBind, tsigSecret } from '../test/support/lab-bind.ts';

const records = Number(process.env.BENCH_RECORDS ?? 10_000);
const batch = 500;
const runs = 5;
const address = '127.0.0.1';
const zone = 'bench.com';
const key = parseTsigKey(tsigSecret, { name: 'failover', algorithm: 'hmac-sha256' });

/**
 * Wall-clock time of moving A records of one zone on BIND 9, each with its old value as the prerequisite, to the last
 * answer. The peer is nsupdate with the same prerequisites, both in messages of 500 records.
 */
export default async function dns(): Promise<object> {
  const port = await freePort();
  const names = Array.from({ length: records }, (_, index) => `host${index}.${zone}`);
  const file = [
    `$TTL 300`,
    `@ SOA ns.${zone}. hostmaster.${zone}. 1 300 60 86400 300`,
    '@ NS ns',
    `ns A ${address}`,
    ...names.map((name) => `${name}. A 10.1.1.1`),
    '',
  ].join('\n');
  const bind = await startLabBind(address, { port, zones: { [zone]: file } });
  const provider = createRfc2136Provider({
    primary: { address, port },
    nameServers: [],
    key,
    transport: 'tcp',
    clock: systemClock,
  });
  const ours: number[] = [];
  const theirs: number[] = [];
  let [from, to] = ['10.1.1.1', '10.1.1.2'];
  const swap = (): void => void ([from, to] = [to, from]);
  try {
    // The first change of a zone makes its journal, which is neither's cost.
    await byOurs(provider, names.slice(0, batch), from, to);
    await byOurs(provider, names.slice(0, batch), to, from);
    for (let turn = 0; turn < runs; turn++) {
      ours.push(await timed(() => byOurs(provider, names, from, to)));
      swap();
      theirs.push(await timed(() => byNsupdate(port, names, from, to)));
      swap();
    }
    const rate = (milliseconds: number[]): number => Math.round(median(milliseconds));
    const result = {
      name: `${records} record changes beside nsupdate`,
      ours: rate(ours),
      peer: rate(theirs),
      ratio: Math.round((median(ours) / median(theirs)) * 100) / 100,
      goal: 0.8,
    };
    console.log(`milliseconds, medians of ${runs} interleaved runs, ${batch} records a message`);
    console.table([result]);
    return result;
  } finally {
    await bind.stop();
  }
}

async function byOurs(
  provider: ReturnType<typeof createRfc2136Provider>,
  names: readonly string[],
  from: string,
  to: string,
): Promise<void> {
  for (let start = 0; start < names.length; start += batch) {
    const changes = names.slice(start, start + batch).map((name): RecordSetChange => ({
      name,
      type: 'A',
      before: recordSet(name, 'A', 300, [from]),
      after: recordSet(name, 'A', 300, [to]),
    }));
    await provider.apply({ zone, changes, guards: [] });
  }
}

async function byNsupdate(port: number, names: readonly string[], from: string, to: string): Promise<void> {
  const lines = [`server ${address} ${port}`, `zone ${zone}`, `key hmac-sha256:failover ${tsigSecret}`];
  for (let start = 0; start < names.length; start += batch) {
    for (const name of names.slice(start, start + batch))
      lines.push(
        `prereq yxrrset ${name} IN A ${from}`,
        `update delete ${name} A`,
        `update add ${name} 300 A ${to}`,
      );
    lines.push('send');
  }
  const child = spawn('/usr/bin/nsupdate', ['-v'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.end(`${lines.join('\n')}\n`);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`nsupdate ended with ${code}: ${errors.slice(0, 500)}`);
}

async function timed(action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
