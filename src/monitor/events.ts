import type { Confirmation } from '../failover/confirm.ts';
import type { SwitchResult } from '../failover/switch-apply.ts';
import type { SiteSwitch, Target } from '../failover/switch-plan.ts';
import type { Decision, Health } from '../health/index.ts';
import type { FailoverError } from '../model/failover-error.ts';

/** What a monitor holds of one server, for an event. */
export interface ServerReport {
  /** Its name. */
  readonly server: string;
  readonly state: Health;
  readonly error: string | null;
  /** Of the last probe that was answered; null where none was. */
  readonly latencyMs: number | null;
}

/** What the monitor reports of one site. */
export interface SiteEvent {
  /**
   * Transition: a server's state or the reason has changed. Confirmed: every name server shows a switch that some
   * did not show at first. WouldSwitch: shadow mode.
   */
  readonly kind: 'Round' | 'Transition' | 'Switch' | 'Confirmed' | 'WouldSwitch' | 'Fault';
  readonly time: Date;
  readonly site: string;
  readonly target: Target;
  /** Name of the server that its records point to. */
  readonly server: string | undefined;
  readonly primary: ServerReport;
  /** The failover server that matters most now (failover/leading-standby.ts). */
  readonly failover: ServerReport;
  /** All of them, the first choice first. */
  readonly standbys: readonly ServerReport[];
  readonly decision: Decision;
  readonly planned: SiteSwitch | undefined;
  readonly result: SwitchResult | undefined;
  readonly error: FailoverError | undefined;
  /** Of an earlier switch that was not confirmed on every name server. */
  readonly confirmation?: Confirmation | undefined;
}

/** What the monitor reports of itself. */
export interface OwnEvent {
  readonly kind: 'Started' | 'Dashboard' | 'Settings' | 'Clock' | 'Fault' | 'Recovered';
  readonly time: Date;
  readonly site: undefined;
  readonly message: string;
  readonly error: FailoverError | undefined;
}

export type MonitorEvent = SiteEvent | OwnEvent;

/**
 * Events on their way to the pipeline. Watching does not wait for it: a console that is paused keeps the latest
 * ones, and is told how many were dropped.
 */
export class EventQueue {
  readonly #limit: number;
  #events: MonitorEvent[] = [];
  #dropped = 0;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  push(event: MonitorEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#limit) {
      this.#events.shift();
      this.#dropped += 1;
    }
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Events that were dropped since this was last asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<MonitorEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) yield event;
      else if (this.#closed) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
