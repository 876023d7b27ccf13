/** Which server serves a site, or is meant to. */
export type ServerRole = 'primary' | 'failover';

/** A record set as it was before a switch (the shape of dns/record-set's RecordSet). */
export interface SavedRecordSet {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly data: readonly string[];
}

/** What a zone held before a site was failed over: failback restores exactly this. */
export interface SavedZone {
  readonly zone: string;
  /** Where it is not the default one; files of older versions know that alone. */
  readonly view?: string;
  readonly recordSets: readonly SavedRecordSet[];
}

/** The last verified observation of one server for a site. */
export interface SavedProbe {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly healthy: boolean;
  /** HTTP status, where one arrived. */
  readonly statusCode: number | null;
  readonly error: string | null;
  /** How long the answer took; null where none came, missing in files of older versions. */
  readonly latencyMs?: number | null;
}

/** What the monitor holds of one server for a site (the shape of health/state-machine's ServerHealth). */
export interface SavedHealth {
  readonly state: 'up' | 'degraded' | 'down' | 'unknown';
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Checks in a row. */
  readonly successes: number;
  readonly failures: number;
}

/** A maintenance window that was set by Suspend-FailoverSite. */
export interface SavedSuspension {
  /** ISO 8601, UTC; it ends by itself then. */
  readonly until: string;
  readonly reason?: string | undefined;
}

/** ISO 8601, UTC (health/flapping's FlapHistory). */
export interface SavedFlapping {
  readonly failovers: readonly string[];
  readonly lockouts: number;
  readonly lockedUntil: string | undefined;
}

/** A change of a zone that some name servers did not show when it was made. */
export interface SavedUnconfirmed {
  readonly zone: string;
  readonly view?: string;
  /** In words; empty where it is not known which. */
  readonly servers: readonly string[];
  readonly recordSets: readonly { readonly name: string; readonly type: string }[];
  /** When it was made; ISO 8601, UTC. */
  readonly since: string;
}

/** What runs on this machine know of a site. Times are ISO 8601, UTC. */
export interface SiteState {
  /** Where our own last switch pointed the site; the DNS answer is what counts. */
  readonly target?: ServerRole | undefined;
  /** The name of that server; missing in files of older versions, as the others of servers are. */
  readonly targetServer?: string | undefined;
  /** Set by hand with Switch-FailoverSite: automatic failback keeps away until it is switched back by hand. */
  readonly forced?: ServerRole | undefined;
  /** The server that was named then; undefined where any failover server may serve the site. */
  readonly forcedServer?: string | undefined;
  /** Until its end the monitor leaves the site alone. */
  readonly suspended?: SavedSuspension | undefined;
  readonly lastSwitch?: string | undefined;
  readonly lastBackup?: string | undefined;
  readonly lastRestore?: string | undefined;
  readonly lastCopy?: string | undefined;
  /** Where a switch of several zones was to point the site, until all of them were changed. */
  readonly pending?: ServerRole | undefined;
  readonly pendingServer?: string | undefined;
  /** Until every name server shows the last switch: what is not confirmed of it. */
  readonly unconfirmed?: readonly SavedUnconfirmed[] | undefined;
  readonly saved?: readonly SavedZone[] | undefined;
  /** By the server's name in lower case; older versions wrote them by its role. */
  readonly probes?: Readonly<Record<string, SavedProbe>> | undefined;
  readonly health?: Readonly<Record<string, SavedHealth>> | undefined;
  /** Automatic failovers of late, and the lockout of failback that followed from them. */
  readonly flapping?: SavedFlapping | undefined;
}

/** The content of state.json; sites by their name in lower case. */
export interface State {
  readonly format: 1;
  readonly sites: Readonly<Record<string, SiteState>>;
}
