import type { ZoneInView } from '../dns/index.ts';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';

/** A zone of a site, in one view, whose server did not tell its records. */
export interface UnreadableZone extends ZoneInView {
  readonly error: FailoverError;
}

/**
 * Reads zones at the same time. One whose server is away does not keep the others from being switched: it is made up for
 * when the server is back.
 * @throws FailoverError the first reason where none can be read
 */
export async function readEach<P extends ZoneInView, T>(
  places: readonly P[],
  read: (place: P) => Promise<T>,
  signal: AbortSignal,
): Promise<{ zones: T[]; unreadable: UnreadableZone[] }> {
  const zones: T[] = [];
  const unreadable: UnreadableZone[] = [];
  const results = await Promise.allSettled(places.map(read));
  signal.throwIfAborted();
  for (const [index, result] of results.entries()) {
    const place = places[index]!;
    if (result.status === 'fulfilled') zones.push(result.value);
    else unreadable.push({ ...place, error: toFailoverError(result.reason, place.zone) });
  }
  if (zones.length === 0 && unreadable.length > 0) throw unreadable[0]!.error;
  return { zones, unreadable };
}
