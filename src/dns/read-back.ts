import type { Clock } from '../edge/clock.ts';
import { failure, toFailoverError } from '../model/failover-error.ts';
import type { ZoneChange } from './change.ts';
import { query, recordSets } from './client.ts';
import type { ReadBack, ReadBackOptions, ServerReadBack } from './provider.ts';
import { describeRecordSet, type RecordSet, type RecordSetKey, sameData, sameKey } from './record-set.ts';
import { describeServer, type DnsServer } from './server.ts';
import type { ExchangeOptions } from './transport.ts';

/** Asks name servers for a change until each of them shows it or the deadline passes; all at the same time. */
export async function readBackFrom(
  servers: readonly DnsServer[],
  change: ZoneChange,
  options: ReadBackOptions,
  exchange: ExchangeOptions,
  clock: Clock,
): Promise<ReadBack> {
  const seen = await Promise.all(servers.map((server) => confirm(server, change, options, exchange, clock)));
  return {
    zone: change.zone,
    confirmed: seen.length > 0 && seen.every((server) => server.confirmed),
    servers: seen,
  };
}

async function confirm(
  server: DnsServer,
  change: ZoneChange,
  { deadlineMs = 10_000, intervalMs = 100, signal }: ReadBackOptions,
  exchange: ExchangeOptions,
  clock: Clock,
): Promise<ServerReadBack> {
  const started = clock.monotonic();
  for (;;) {
    let seen: ServerReadBack;
    try {
      const differences = await differencesAt(server, change, exchange);
      seen = { server, confirmed: differences.length === 0, differences };
    } catch (error) {
      if (signal?.aborted) throw error;
      seen = { server, confirmed: false, differences: [], error: toFailoverError(error) };
    }
    if (seen.confirmed || clock.monotonic() - started >= deadlineMs) return seen;
    await clock.sleep(intervalMs, signal);
  }
}

/** How a server's answers differ from the change, in words. */
export async function differencesAt(
  server: DnsServer,
  change: ZoneChange,
  exchange: ExchangeOptions,
): Promise<string[]> {
  const differences = await Promise.all(
    change.changes.map(async (one) => {
      const set = await readSet(server, change.zone, one, exchange);
      if (sameData(set?.data ?? [], one.after?.data ?? [])) return [];
      return [set === undefined ? `no ${one.name} ${one.type}` : describeRecordSet(set)];
    }),
  );
  return differences.flat();
}

/**
 * One record set as an authoritative server answers it; undefined where there is none.
 * @throws FailoverError DnsNotAuthoritative, DnsServerUnreachable, and those of query
 */
export async function readSet(
  server: DnsServer,
  zone: string,
  key: RecordSetKey,
  exchange: ExchangeOptions,
): Promise<RecordSet | undefined> {
  const place = describeServer(server);
  if (server.address === '') throw failure('DnsServerUnreachable.noAddress', {}, { target: place });
  const message = await query(server, key, exchange);
  if (!message.authoritative)
    throw failure('DnsNotAuthoritative.server', { server: place, zone }, { target: zone });
  return recordSets(message.answer).find((set) => sameKey(set, key));
}
