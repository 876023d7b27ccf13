import type { ErrorId } from '../model/error-catalog.ts';
import { FailoverError, failure, reworded } from '../model/failover-error.ts';
import type { ZoneChange } from './change.ts';
import { transferZone, update } from './client.ts';
import { type GssOptions, withGssKey } from './gss/session.ts';
import { encodeUpdate, type UpdateRecord } from './message.ts';
import { normaliseName } from './names.ts';
import { type NameServerOptions, NameServers } from './name-servers.ts';
import { type DnsProvider, type ReadBack, type ReadBackOptions, readTypes } from './provider.ts';
import { differencesAt, readSet } from './read-back.ts';
import type { RecordSet } from './record-set.ts';
import { describeServer, type DnsServer } from './server.ts';
import type { SigningKey } from './tsig.ts';
import type { TsigKey } from './tsig-key.ts';

export interface Rfc2136Options extends NameServerOptions {
  /** Takes the updates and is read before one. Default: the primary that the zone's SOA record names (MNAME). */
  readonly primary?: DnsServer;
  /** Signs updates and transfers. */
  readonly key?: TsigKey;
  /** Signs updates with Kerberos instead (RFC 3645). */
  readonly gss?: GssOptions;
}

/**
 * Zones on any server that takes RFC 2136 updates: BIND, Knot, PowerDNS, Windows DNS (AD-integrated ones by GSS-TSIG).
 */
export function createRfc2136Provider(options: Rfc2136Options): DnsProvider {
  return new Rfc2136Provider(options);
}

class Rfc2136Provider implements DnsProvider {
  readonly #options: Rfc2136Options;
  readonly #servers: NameServers;

  constructor(options: Rfc2136Options) {
    const { primary, servers } = options;
    const asked = servers ?? (primary && [primary]);
    this.#options = options;
    this.#servers = new NameServers({ ...options, ...(asked && { servers: asked }) });
  }

  zoneOf(hostName: string, signal?: AbortSignal): Promise<string> {
    return this.#servers.finder.zoneOf(hostName, signal);
  }

  async read(zone: string, names: readonly string[], signal?: AbortSignal): Promise<RecordSet[]> {
    const primary = await this.#primaryOf(zone, signal);
    const keys = names.flatMap((name) => readTypes.map((type) => ({ name: normaliseName(name), type })));
    const sets = await Promise.all(
      keys.map((key) => readSet(primary, zone, key, this.#servers.exchange(signal))),
    );
    return sets.filter((set) => set !== undefined);
  }

  async readSoa(zone: string, signal?: AbortSignal): Promise<RecordSet | undefined> {
    const primary = await this.#primaryOf(zone, signal);
    return readSet(primary, zone, { name: zone, type: 'SOA' }, this.#servers.exchange(signal));
  }

  /**
   * What follows an attempt. A lost answer may be that of an update that was made, and a second copy may meet the
   * effect of the first: then what the zone holds decides. A second copy does no harm, for it has the prerequisites.
   *
   * | the attempt | the zone shows the change | then |
   * |---|---|---|
   * | succeeded | | done |
   * | no answer came | yes | done |
   * | no answer came | no | tried again, at last failed |
   * | no answer came | cannot be read | failed |
   * | its answer is not signed rightly, as Samba's (bug 13019) | yes | done |
   * | its answer is not signed rightly, as Samba's (bug 13019) | no | failed |
   * | changed meanwhile, and an attempt before had no answer | yes | done |
   * | failed otherwise | | failed |
   */
  async apply(change: ZoneChange, signal?: AbortSignal): Promise<void> {
    const { attempts = 3 } = this.#options;
    const primary = await this.#primaryOf(change.zone, signal);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#send(primary, change, signal);
      } catch (error) {
        if (signal?.aborted) throw error;
        const unsure = this.#options.gss !== undefined && isFailure(error, 'DnsAnswerInvalid');
        const lost = unsure || isFailure(error, 'DnsTimeout', 'DnsServerUnreachable');
        const perhapsOurs = attempt > 1 && isFailure(error, 'DnsChangedMeanwhile');
        if (!lost && !perhapsOurs) throw await this.#explained(error, change.zone, primary, signal);
        const differences = await differencesAt(primary, change, this.#servers.exchange(signal)).catch(
          () => undefined,
        );
        if (differences?.length === 0) return;
        if (differences === undefined || perhapsOurs || unsure || attempt >= attempts) throw error;
      }
    }
  }

  async readBack(change: ZoneChange, options: ReadBackOptions = {}): Promise<ReadBack> {
    const primary = await this.#primaryOf(change.zone, options.signal);
    return this.#servers.readBack(change, options, [primary]);
  }

  /** By zone transfer, which servers grant to few: refused, nothing is known. */
  async size(zone: string, signal?: AbortSignal): Promise<number | undefined> {
    const primary = await this.#primaryOf(zone, signal);
    const { key, clock } = this.#options;
    const options = { ...this.#servers.exchange(signal), transport: 'tcp' as const, attempts: 1 };
    try {
      const sets = await transferZone(primary, zone, options, key, () => clock.now());
      return sets.filter(({ type }) => !dnssecTypes.includes(type)).length;
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  }

  async #send(server: DnsServer, change: ZoneChange, signal: AbortSignal | undefined): Promise<void> {
    const { key, gss, clock } = this.#options;
    const exchange = this.#servers.exchange(signal);
    const now = (): Date => clock.now();
    const send = (signer: SigningKey | undefined): Promise<void> =>
      update(server, change.zone, (id) => encodeChange(id, change), signer, now, exchange);
    if (gss === undefined) return send(key);
    const principal = gss.principal ?? (await this.#principalOf(change.zone, signal));
    await withGssKey(server, principal, gss, now, exchange, send);
  }

  /** Each domain controller names itself in the SOA record of a zone that AD holds. */
  async #principalOf(zone: string, signal: AbortSignal | undefined): Promise<string> {
    const soa = await this.readSoa(zone, signal);
    const [name] = soa?.data[0]?.split(' ') ?? [];
    if (name !== undefined) return `DNS/${name}`;
    throw failure('GssServerNotFound.noSoa', { zone }, { target: zone });
  }

  async #primaryOf(zone: string, signal: AbortSignal | undefined): Promise<DnsServer> {
    return this.#options.primary ?? this.#servers.finder.primaryOf(zone, signal);
  }

  /** A refusal together with the server that would have been the right one, where the zone names another. */
  async #explained(
    error: unknown,
    zone: string,
    asked: DnsServer,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    if (!isFailure(error, 'DnsRefused', 'DnsNotAuthoritative', 'DnsNotImplemented')) return error;
    const named = await this.#servers.finder.primaryOf(zone, signal).catch(() => undefined);
    if (named === undefined || named.address === asked.address) return error;
    return reworded(
      error,
      `${error.message}; the primary server of the zone is ${describeServer(named)}`,
      zone,
    );
  }
}

/** What a signing server makes by itself; types without a mnemonic here are in RFC 3597's form. */
const dnssecTypes: readonly string[] = [
  ...['RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY', 'CDS', 'CDNSKEY'],
  ...['TYPE46', 'TYPE47', 'TYPE50', 'TYPE51', 'TYPE48', 'TYPE59', 'TYPE60'],
];

/**
 * One UPDATE message: the deletions and additions, on condition of all that the plan saw. A new SOA record takes the
 * place of the old one where its serial number is higher (RFC 2136 section 3.4.2.2); its deletion is ignored (3.4.2.4).
 */
function encodeChange(id: number, { zone, changes, guards }: ZoneChange): Buffer {
  const prerequisites = [
    ...changes.map((one) => condition(one, one.before)),
    ...guards.map((guard) => condition(guard, guard.expected)),
  ];
  const updates = changes.flatMap(({ name, type, before, after }): UpdateRecord[] => [
    ...(before === null ? [] : [{ kind: 'delete-set' as const, name, type }]),
    ...(after === null ? [] : [{ kind: 'add' as const, set: after }]),
  ]);
  return encodeUpdate(id, zone, prerequisites, updates);
}

/** "This record set is as it was read": its values, not its TTL (RFC 2136 section 2.4.2 and 2.4.3). */
function condition(
  key: { readonly name: string; readonly type: string },
  expected: RecordSet | null,
): UpdateRecord {
  return expected === null
    ? { kind: 'absent', name: key.name, type: key.type }
    : { kind: 'exists-with-values', set: expected };
}

function isFailure(error: unknown, ...ids: readonly ErrorId[]): error is FailoverError {
  return error instanceof FailoverError && ids.includes(error.id);
}
