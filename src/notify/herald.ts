import type { Clock } from '../edge/clock.ts';
import { type FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { MonitorEvent } from '../monitor/events.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { PowerShellSession } from '../windows/powershell-session.ts';
import { channelsOf } from './channels.ts';
import { type Delivery, Notifier } from './notifier.ts';
import { readTold, saveTold } from './told-file.ts';
import { Tracker } from './tracker.ts';

export interface HeraldOptions {
  readonly loaded: LoadedSettings;
  /** Where what was told is kept. */
  readonly folder: string;
  readonly clock: Clock;
  /** A channel's fault, or undefined where it works again; each is told once. */
  readonly report: (channel: string, error: FailoverError | undefined) => void;
  /** How each notification fared on each channel. */
  readonly delivered?: (delivery: Delivery) => void;
  readonly random?: () => number;
}

const minuteMs = 60_000;

/**
 * Tells administrators of a monitor's events, by the channels of its settings. Whatever fails here is reported and goes
 * no further: the monitor neither waits nor stops for it.
 */
export class Herald {
  readonly #options: HeraldOptions;
  readonly #tracker: Tracker;
  readonly #session = new PowerShellSession();
  readonly #failing = new Set<string>();
  /** Of former settings, with notifications that wait still. */
  readonly #former = new Set<Notifier>();
  #loaded: LoadedSettings | undefined;
  #notifier: Notifier | undefined;
  #remindMs = 0;
  #saving: Promise<void> = Promise.resolve();
  #saved = '';

  private constructor(options: HeraldOptions, tracker: Tracker) {
    this.#options = options;
    this.#tracker = tracker;
  }

  static async open(options: HeraldOptions): Promise<Herald> {
    const told = await readTold(options.folder).catch(() => ({}));
    const herald = new Herald(options, new Tracker(told));
    herald.configure(options.loaded);
    return herald;
  }

  /** Takes changed settings over; what waits for the former channels is sent by them still. */
  configure(loaded: LoadedSettings): void {
    if (loaded === this.#loaded) return;
    this.#loaded = loaded;
    const { clock, random = Math.random } = this.#options;
    const notify = loaded.settings.monitor?.notify;
    const former = this.#notifier;
    this.#notifier = undefined;
    if (former !== undefined) {
      this.#former.add(former);
      void former.close(minuteMs).then(() => this.#former.delete(former));
    }
    if (notify === undefined) return;
    this.#remindMs = (notify.remindMinutes ?? 60) * minuteMs;
    try {
      this.#notifier = new Notifier(
        channelsOf(notify, loaded, this.#session),
        { clock, random, timeoutMs: (notify.timeoutSeconds ?? 15) * 1000, attempts: notify.attempts ?? 6 },
        (delivery) => this.#delivered(delivery),
      );
      this.#works('settings');
    } catch (error) {
      this.#fails('settings', toFailoverError(error));
    }
  }

  take(event: MonitorEvent): void {
    if (this.#notifier === undefined) return;
    for (const one of this.#tracker.take(event)) this.#notifier.notify(one);
    this.#save();
  }

  /** To be called now and then. */
  remind(): void {
    if (this.#notifier === undefined || this.#remindMs === 0) return;
    for (const one of this.#tracker.reminders(this.#options.clock.now(), this.#remindMs))
      this.#notifier.notify(one);
    this.#save();
  }

  /** Resolves when everything was delivered or given up, at the latest after `ms`. */
  async close(ms: number): Promise<void> {
    const notifiers = [...this.#former, ...(this.#notifier === undefined ? [] : [this.#notifier])];
    await Promise.all([...notifiers.map((one) => one.close(ms)), this.#saving]);
    await this.#session.close();
  }

  #save(): void {
    const told = this.#tracker.told();
    const text = JSON.stringify(told);
    if (text === this.#saved) return;
    this.#saved = text;
    this.#saving = this.#saving.then(async () => {
      try {
        if (text === this.#saved) await saveTold(this.#options.folder, told); // else a later one follows
        this.#works('notified.json');
      } catch (error) {
        this.#fails('notified.json', toFailoverError(error));
      }
    });
  }

  #delivered(delivery: Delivery): void {
    const { channel, error } = delivery;
    this.#options.delivered?.(delivery);
    if (error === undefined) this.#works(channel);
    else this.#fails(channel, error);
  }

  #works(what: string): void {
    if (this.#failing.delete(what)) this.#options.report(what, undefined);
  }

  #fails(what: string, error: FailoverError): void {
    if (this.#failing.has(what)) return;
    this.#failing.add(what);
    this.#options.report(what, error);
  }
}
