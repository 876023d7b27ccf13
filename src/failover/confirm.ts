import {
  describeServer,
  type DnsProvider,
  findRecordSet,
  inView,
  partialError,
  type ReadBack,
  viewPart,
  type ZoneChange,
} from '../dns/index.ts';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { SavedUnconfirmed } from '../model/state.ts';

/** What is known of changes that some name servers did not show when they were made. */
export interface Confirmation {
  readonly confirmed: boolean;
  /** As a sentence. */
  readonly message: string;
  /** What is still to be confirmed, for the state file. */
  readonly remaining: readonly SavedUnconfirmed[];
  /** The first reason why it is not confirmed. */
  readonly error: FailoverError | undefined;
}

/** A change that was made in a zone, as the state file holds it until every name server shows it. */
export function unconfirmedChange(
  change: ZoneChange,
  readBack: ReadBack | undefined,
  since: Date,
): SavedUnconfirmed {
  const lagging = (readBack?.servers ?? []).filter((one) => !one.confirmed);
  return {
    zone: change.zone,
    ...viewPart(change),
    servers: lagging.map(({ server }) => describeServer(server)),
    recordSets: change.changes.map(({ name, type }) => ({ name, type })),
    since: since.toISOString(),
  };
}

/**
 * Reads such changes back again, and changes nothing. What every name server has to show is what the zone's primary
 * holds now, also where the records were changed since.
 */
export async function confirmAgain(
  unconfirmed: readonly SavedUnconfirmed[],
  provider: DnsProvider,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Confirmation> {
  const results = await Promise.all(
    unconfirmed.map(async (one) => ({ one, ...(await readAgain(one, provider, deadlineMs, signal)) })),
  );
  const open = results.filter((result) => result.error !== undefined);
  const error = open[0]?.error;
  return {
    confirmed: error === undefined,
    message:
      error === undefined
        ? 'Every name server shows the last switch now.'
        : `The last switch is not confirmed: ${error.message}`,
    remaining: open.map(({ one, servers }) => ({ ...one, servers })),
    error,
  };
}

async function readAgain(
  { zone, view, recordSets, servers }: SavedUnconfirmed,
  views: DnsProvider,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<{ servers: readonly string[]; error: FailoverError | undefined }> {
  try {
    const provider = inView(views, view);
    const current = await provider.read(zone, [...new Set(recordSets.map(({ name }) => name))], signal);
    const changes = recordSets.map(({ name, type }) => {
      const set = findRecordSet(current, name, type) ?? null;
      return { name, type, before: set, after: set };
    });
    const readBack = await provider.readBack({ zone, changes, guards: [] }, { deadlineMs, signal });
    const lagging = readBack.servers.filter((server) => !server.confirmed);
    return { servers: lagging.map(({ server }) => describeServer(server)), error: partialError(readBack) };
  } catch (error) {
    signal.throwIfAborted();
    return { servers, error: toFailoverError(error, zone) };
  }
}
