import {
  type DnsProvider,
  describeServer,
  partialError,
  recordSet,
  type RecordSet,
  type RecordSetChange,
} from '../dns/index.ts';
import type { Clock } from '../edge/clock.ts';
import { FailoverError, failure, toFailoverError } from '../model/failover-error.ts';

/** What a drill did and measured. */
export interface DrillStep {
  /** Leftover: the record of a drill that was killed, removed. Guard: a change that must be refused. */
  readonly step: 'Leftover' | 'Create' | 'Guard' | 'Switch' | 'Remove';
  readonly succeeded: boolean;
  /** From sending the update to the answer of the server that took it; null where it was not sent. */
  readonly updateMs: number | null;
  /** From then until every name server showed it; null where they were not asked. */
  readonly confirmMs: number | null;
  /** Name servers that showed it. */
  readonly servers: readonly string[];
  readonly error: FailoverError | undefined;
}

/** Addresses that no host has (RFC 5737): a record that holds one of them is of a drill and no other. */
const [first, second, never] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'] as const;
const ttl = 30;

/** The scratch record of a zone's drills. Without an underscore: BIND's check-names refuses those to address records. */
export function drillName(zone: string): string {
  return `failover-drill.${zone}`;
}

/**
 * Makes with a scratch record all that a switch makes with real ones: an update with the expected old value as its
 * prerequisite, read back from every name server. No other record is touched, and the record is removed whatever
 * happens, also after the signal has fired; what a drill that was killed has left, the next one removes first.
 *
 * | step     | update                 | prerequisite                | passes where                          |
 * |----------|------------------------|-----------------------------|---------------------------------------|
 * | Leftover | remove                 | it is as it was read        | every server shows that it is gone    |
 * | Create   | none -> 192.0.2.1      | there is none               | every server shows it                 |
 * | Guard    | 192.0.2.3 -> 192.0.2.2 | 192.0.2.3, which is not so  | the server refuses it                 |
 * | Switch   | 192.0.2.1 -> 192.0.2.2 | 192.0.2.1                   | every server shows it                 |
 * | Remove   | remove                 | it is as it was read        | every server shows that it is gone    |
 *
 * A step that fails is the last but for Remove. Faults are results; only the signal's reason is thrown, at the end.
 */
export async function drillZone(
  zone: string,
  provider: DnsProvider,
  clock: Clock,
  signal: AbortSignal,
): Promise<DrillStep[]> {
  const drill = new ZoneDrill(zone, provider, clock, signal);
  await drill.run();
  signal.throwIfAborted();
  return drill.steps;
}

class ZoneDrill {
  readonly steps: DrillStep[] = [];
  readonly #zone: string;
  readonly #name: string;
  readonly #provider: DnsProvider;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** What a wildcard of the zone answers where the record is not. */
  #absent: RecordSet | null = null;

  constructor(zone: string, provider: DnsProvider, clock: Clock, signal: AbortSignal) {
    this.#zone = zone;
    this.#name = drillName(zone);
    this.#provider = provider;
    this.#clock = clock;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const leftover = await this.#read(this.#signal);
    if (leftover instanceof FailoverError) return this.#failed('Create', leftover);
    if (leftover !== null && !(await this.#step('Leftover', leftover, null))) return;
    const [one, two] = [this.#set(first), this.#set(second)];
    try {
      if (!(await this.#step('Create', null, one))) return;
      if (!(await this.#guard(this.#set(never), two))) return;
      await this.#step('Switch', one, two);
    } finally {
      await this.#remove();
    }
  }

  /** Asks anew what there is: an update without an answer may have been made. It must work after a Ctrl+C. */
  async #remove(): Promise<void> {
    const uninterrupted = new AbortController().signal;
    const left = await this.#read(uninterrupted);
    if (left instanceof FailoverError) this.#failed('Remove', left);
    else if (left !== null) await this.#step('Remove', left, null, uninterrupted);
  }

  async #step(
    step: DrillStep['step'],
    before: RecordSet | null,
    after: RecordSet | null,
    signal = this.#signal,
  ): Promise<boolean> {
    const change: RecordSetChange = { name: this.#name, type: 'A', before, after };
    const started = this.#clock.monotonic();
    let updated: number | undefined;
    try {
      await this.#provider.apply({ zone: this.#zone, changes: [change], guards: [] }, signal);
      updated = this.#clock.monotonic();
      const shown = { zone: this.#zone, changes: [{ ...change, after: after ?? this.#absent }], guards: [] };
      const readBack = await this.#provider.readBack(shown, { signal });
      const error = partialError(readBack);
      this.steps.push({
        step,
        succeeded: error === undefined,
        updateMs: updated - started,
        confirmMs: this.#clock.monotonic() - updated,
        servers: readBack.servers.filter((one) => one.confirmed).map((one) => describeServer(one.server)),
        error,
      });
      return error === undefined;
    } catch (error) {
      const updateMs = updated === undefined ? null : updated - started;
      this.#failed(step, toFailoverError(error, this.#zone), updateMs);
      return false;
    }
  }

  /** A name server that ignored prerequisites would let two monitors overwrite each other. */
  async #guard(before: RecordSet, after: RecordSet): Promise<boolean> {
    const started = this.#clock.monotonic();
    try {
      const changes = [{ name: this.#name, type: 'A', before, after }];
      await this.#provider.apply({ zone: this.#zone, changes, guards: [] }, this.#signal);
    } catch (error) {
      const problem = toFailoverError(error, this.#zone);
      if (problem.id !== 'DnsChangedMeanwhile') {
        this.#failed('Guard', problem);
        return false;
      }
      const updateMs = this.#clock.monotonic() - started;
      const passed = { succeeded: true, updateMs, confirmMs: null, servers: [], error: undefined };
      this.steps.push({ step: 'Guard', ...passed });
      return true;
    }
    this.#failed('Guard', failure('DrillNotGuarded', { zone: this.#zone }, { target: this.#zone }));
    return false;
  }

  /** The drill's record where there is one. */
  async #read(signal: AbortSignal): Promise<RecordSet | null | FailoverError> {
    const other = `failover-drill-wildcard.${this.#zone}`;
    try {
      const sets = await this.#provider.read(this.#zone, [this.#name, other], signal);
      const wildcard = sets.filter(({ name }) => name === other);
      const own = sets.filter(
        ({ name, type, data }) =>
          name === this.#name &&
          !wildcard.some((one) => one.type === type && one.data.join() === data.join()),
      );
      const answered = wildcard.find(({ type }) => type === 'A');
      this.#absent = answered === undefined ? null : { ...answered, name: this.#name };
      const foreign = own.find(({ type, data }) => type !== 'A' || data.some((one) => !isOurs(one)));
      if (foreign === undefined) return own[0] ?? null;
      const { name, type, data } = foreign;
      return failure('DrillNameInUse', { name, type, data: data.join(', ') }, { target: this.#name });
    } catch (error) {
      return toFailoverError(error, this.#zone);
    }
  }

  #set(address: string): RecordSet {
    return recordSet(this.#name, 'A', ttl, [address]);
  }

  #failed(step: DrillStep['step'], error: FailoverError, updateMs: number | null = null): void {
    this.steps.push({ step, succeeded: false, updateMs, confirmMs: null, servers: [], error });
  }
}

function isOurs(address: string): boolean {
  return address === first || address === second;
}
