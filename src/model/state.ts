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
}

/** What runs on this machine know of a site. Times are ISO 8601, UTC. */
export interface SiteState {
  /** Where our own last switch pointed the site; the DNS answer is what counts. */
  readonly target?: ServerRole | undefined;
  /** Set by hand with Switch-FailoverSite: automatic failback keeps away until it is switched back by hand. */
  readonly forced?: ServerRole | undefined;
  readonly lastSwitch?: string | undefined;
  readonly lastBackup?: string | undefined;
  readonly lastRestore?: string | undefined;
  readonly lastCopy?: string | undefined;
  readonly saved?: readonly SavedZone[] | undefined;
  readonly probes?: Readonly<Partial<Record<ServerRole, SavedProbe>>> | undefined;
  /** Rounds in a row in which the primary was up while the site was failed over. */
  readonly primarySuccesses?: number | undefined;
}

/** The content of state.json; sites by their name in lower case. */
export interface State {
  readonly format: 1;
  readonly sites: Readonly<Record<string, SiteState>>;
}
