/** One change that the administrator can see and refuse: ShouldProcess(target, action). */
export interface Step {
  /** Unique within its plan. */
  readonly id: string;
  /** What is changed, e.g. `site1.com`. */
  readonly target: string;
  /** How, in words that follow "Performing the operation", e.g. `Back up to D:\failover\site1.com.xml`. */
  readonly action: string;
}

/** What a command would do. A plan is data: making one changes nothing. */
export interface Plan<S extends Step = Step> {
  readonly steps: readonly S[];
  /**
   * Apply runs under -WhatIf as well, with no step approved, to say what would be done as time goes on. It must change
   * nothing then (context.whatIf).
   */
  readonly shadow?: boolean;
  /** Called once when the call ends, however it ends, for what making the plan has taken. */
  release?(): Promise<void>;
}
