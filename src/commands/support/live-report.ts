import { join } from 'node:path';
import { LogTail } from '../../edge/log-tail.ts';
import { fileStamp, sha256 } from '../../edge/files.ts';
import type { FleetSite } from '../../failover/fleet.ts';
import type { SiteRecords, Target } from '../../failover/switch-plan.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import { nameKey } from '../../model/site.ts';
import type { SiteEvent } from '../../monitor/events.ts';
import type { CheckResult } from '../../readiness/index.ts';
import type { ReportData } from '../../report/data.ts';
import type { ReportHistory } from '../../report/history.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';
import { eventObject } from './monitor-output.ts';
import { stateFolder } from './places.ts';
import { checkNow, namesOf, readNow, reportHistory, reportNow, serverNames } from './report.ts';
import { chosenSites } from './switching.ts';

/** The monitor tells of switches at once; changes that others make in DNS are seen this soon. */
const recordsMs = 60_000;
/** The checks probe and read a lot. */
const checksMs = 10 * 60_000;
const historyMs = 7 * 86_400_000;
/** Ages go on even where nothing happens. */
const agesMs = 30_000;

/** What the dashboard shows, kept up to date. */
export class LiveReport {
  readonly #names: readonly string[] | undefined;
  readonly #context: CommandContext;
  readonly #stop = new AbortController();
  readonly #told = new Map<string, { readonly event: SiteEvent; readonly at: number }>();
  #tail: LogTail | undefined;
  #history: ReportHistory | undefined;
  #records: readonly (SiteRecords | undefined)[] = [];
  #recordsOf = '';
  #recordsAt = -Infinity;
  #checks: readonly CheckResult[] | undefined;
  #checksAt = -Infinity;
  #checking: Promise<void> = Promise.resolve();
  #warnings: readonly string[] = [];
  #loaded: LoadedSettings;
  #shownAt = -Infinity;
  /** Something has changed since the page was last made, beside the files. */
  #changed = true;
  #stateOf = '';
  /** What is shown, and its name: another one whenever it is another page. */
  data: ReportData;
  version = 'starting';

  constructor(names: readonly string[] | undefined, loaded: LoadedSettings, context: CommandContext) {
    const now = context.clock.now();
    this.#names = names;
    this.#loaded = loaded;
    this.data = {
      generated: now,
      since: now,
      servers: serverNames(loaded),
      sites: [],
      events: [],
      olderEvents: 0,
      readiness: undefined,
      latency: { times: [], sites: [] },
      warnings: ['The monitor is starting; the sites follow.'],
    };
    this.#context = {
      ...context,
      progress: () => undefined, // its checks run beside the rounds of the monitor
      signal: AbortSignal.any([context.signal, this.#stop.signal]),
      // What concerns the sites is shown on the page; the monitor tells the rest.
      warning: () => undefined,
      error: () => undefined,
    };
  }

  use(loaded: LoadedSettings): void {
    this.#loaded = loaded;
    this.#recordsAt = -Infinity;
    this.#history = undefined;
    this.#tail = undefined;
    this.#changed = true;
  }

  /** Ends the checks that are being made. */
  stop(): void {
    this.#stop.abort();
  }

  observe(event: SiteEvent): void {
    this.#changed = true;
    this.#told.set(nameKey(event.site), { event, at: this.#context.clock.monotonic() });
    // In shadow mode no log has it.
    if (this.#context.whatIf && event.kind !== 'Round') {
      const object = eventObject(event);
      this.#history?.add({
        log: 'sitemonitor.log',
        time: event.time,
        command: 'Invoke-FailoverMonitor -WhatIf',
        event: object.Event.toLowerCase(),
        message: `${event.site}: ${object.Message}`,
        site: event.site,
        fields: { ...object },
      });
    }
  }

  /** Reads what has changed; true where the page is another one than before. */
  async refresh(): Promise<boolean> {
    const context = this.#context;
    const loaded = this.#loaded;
    const sites = chosenSites(this.#names, loaded, context);
    const now = context.clock.now();
    const monotonic = context.clock.monotonic();
    const since = new Date(now.getTime() - historyMs);
    const history = (this.#history ??= reportHistory(sites, since, now));
    const tail = (this.#tail ??= new LogTail(stateFolder(context, loaded)));
    await tail.read((entry) => {
      history.add(entry);
      this.#changed = true;
    });
    await this.#readRecords(sites, monotonic);
    this.#startChecks(sites, monotonic);
    const stateOf = await fileStamp(join(stateFolder(context, loaded), 'state.json'));
    // Thousands of sites are not put together anew for nothing.
    if (!this.#changed && stateOf === this.#stateOf && monotonic - this.#shownAt < agesMs) return false;
    this.#changed = false;
    this.#stateOf = stateOf;
    const report = await reportNow(sites, this.#records, loaded, context);
    for (const site of report.sites)
      for (const role of ['primary', 'failover'] as const)
        if (
          site.lastProbe !== undefined &&
          site[role].latencyMs !== null &&
          !this.#isOld(site.lastProbe, now)
        )
          history.latency.add(site.name, role, site.lastProbe, site[role].latencyMs);
    this.data = {
      ...report,
      sites: report.sites.map((site) => this.#overlay(site)),
      ...history.events(),
      since,
      readiness: this.#checks,
      latency: history.latency.series(namesOf(sites), now),
      warnings: this.#warnings,
    };
    return this.#isNews(monotonic);
  }

  /** State that was probed before this session says nothing of now. */
  #isOld(time: Date, now: Date): boolean {
    return now.getTime() - time.getTime() > recordsMs;
  }

  async #readRecords(sites: readonly FleetSite[], monotonic: number): Promise<void> {
    const key = namesOf(sites).join('\n');
    if (key === this.#recordsOf && monotonic - this.#recordsAt < recordsMs) return;
    const context = this.#context;
    const warnings: string[] = [];
    this.#records = await readNow(sites, this.#loaded, context, (words) => warnings.push(words));
    this.#warnings = warnings;
    this.#recordsOf = key;
    this.#recordsAt = monotonic;
    this.#changed = true;
  }

  #startChecks(sites: readonly FleetSite[], monotonic: number): void {
    if (monotonic - this.#checksAt < checksMs) return;
    this.#checksAt = monotonic;
    this.#checking = this.#checking
      .then(async () => {
        this.#checks = await checkNow(sites, undefined, this.#context);
      })
      .catch((error: unknown) => {
        if (this.#stop.signal.aborted) return;
        this.#warnings = [...this.#warnings, `Readiness was not checked: ${toFailoverError(error).message}`];
      })
      .finally(() => (this.#changed = true));
  }

  /** What the monitor has told since the records were read is newer than they are. */
  #overlay(site: ReportData['sites'][number]): ReportData['sites'][number] {
    const told = this.#told.get(nameKey(site.name));
    if (told === undefined) return site;
    const { event, at } = told;
    const newer = at > this.#recordsAt;
    const target: Target = newer ? event.target : site.target;
    const server = newer ? event.server : site.server;
    const of = (role: 'primary' | 'failover') => ({
      ...site[role],
      server: event[role].server,
      state: event[role].state,
      error: event[role].error,
      latencyMs: site[role].latencyMs ?? event[role].latencyMs,
    });
    const standbys = event.standbys.map((one) => ({ ...one }));
    return { ...site, target, server, primary: of('primary'), failover: of('failover'), standbys };
  }

  #isNews(monotonic: number): boolean {
    const { data } = this;
    const fixed = { ...data, generated: new Date(0), since: new Date(0) };
    // Without ages and times of probes, which differ each time.
    const sites = data.sites.map((site) => ({ ...site, lastProbe: undefined }));
    const shown = { ...fixed, sites, latency: undefined };
    const version = sha256(JSON.stringify(shown)).slice(0, 16);
    if (version === this.version.split('.')[0] && monotonic - this.#shownAt < agesMs) return false;
    this.#shownAt = monotonic;
    this.version = `${version}.${Math.round(monotonic)}`;
    return true;
  }
}
