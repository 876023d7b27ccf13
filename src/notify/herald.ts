import type { Clock } from '../edge/clock.ts';
import { type FailoverError, failure, toFailoverError } from '../model/failover-error.ts';
import type { MonitorEvent } from '../monitor/events.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { PowerShellSession } from '../windows/powershell-session.ts';
import { channelsOf } from './channels.ts';
import { type Delivery, Notifier } from './notifier.ts';
import { Outbox } from './outbox.ts';
import { readTold, saveTold, type ToldFile, toldText } from './told-file.ts';
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
  readonly #outbox: Outbox;
  readonly #session = new PowerShellSession();
  readonly #failing = new Set<string>();
  #loaded: LoadedSettings | undefined;
  #notifier: Notifier | undefined;
  #remindMs = 0;
  #keepMs = 0;
  #saving: Promise<void> = Promise.resolve();
  #saved = '';
  #toSave = false;

  private constructor(options: HeraldOptions, told: ToldFile) {
    this.#options = options;
    this.#tracker = new Tracker(told.sites);
    this.#outbox = new Outbox(told.waiting);
  }

  static async open(options: HeraldOptions): Promise<Herald> {
    const told = await readTold(options.folder).catch(() => ({ sites: {}, waiting: [] }));
    const herald = new Herald(options, told);
    herald.configure(options.loaded);
    return herald;
  }

  /** Takes changed settings over; what waits for channels that stay is sent by them. */
  configure(loaded: LoadedSettings): void {
    if (loaded === this.#loaded) return;
    this.#loaded = loaded;
    const { clock, random = Math.random } = this.#options;
    const notify = loaded.settings.monitor?.notify;
    const after = this.#notifier?.leave();
    this.#notifier = undefined;
    if (notify === undefined) return this.#outbox.keep([]);
    this.#remindMs = (notify.remindMinutes ?? 60) * minuteMs;
    this.#keepMs = (notify.keepMinutes ?? 1440) * minuteMs;
    try {
      this.#notifier = new Notifier(channelsOf(notify, loaded, this.#session), {
        clock,
        random,
        timeoutMs: (notify.timeoutSeconds ?? 15) * 1000,
        attempts: notify.attempts ?? 6,
        outbox: this.#outbox,
        report: (delivery) => this.#delivered(delivery),
        ...(after !== undefined && { after }),
      });
      this.#outbox.keep(this.#notifier.keys);
      this.#giveUp();
      this.#notifier.wake();
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

  /** To be called now and then: reminds of what lasts, and sends what waits again. */
  remind(): void {
    if (this.#notifier === undefined) return;
    this.#giveUp();
    if (this.#remindMs > 0)
      for (const one of this.#tracker.reminders(this.#options.clock.now(), this.#remindMs))
        this.#notifier.notify(one);
    this.#notifier.wake();
    this.#save();
  }

  /** Resolves when everything was tried, at the latest after `ms`; what could not be delivered is kept. */
  async close(ms: number): Promise<void> {
    await this.#notifier?.close(ms);
    await this.#saving;
    await this.#session.close();
  }

  #giveUp(): void {
    for (const [channel, count] of this.#outbox.expire(this.#options.clock.now(), this.#keepMs)) {
      const minutes = this.#keepMs / minuteMs;
      const error = failure('NotifyFailed.givenUp', { channel, count, minutes }, { target: channel });
      this.#options.report(channel, error);
    }
  }

  /** Whatever changes while a file is being written goes into the next one. */
  #save(): void {
    if (this.#toSave) return;
    this.#toSave = true;
    this.#saving = this.#saving.then(async () => {
      this.#toSave = false;
      const text = toldText({ sites: this.#tracker.told(), waiting: this.#outbox.waiting() });
      if (text === this.#saved) return;
      this.#saved = text;
      try {
        await saveTold(this.#options.folder, text);
        this.#works('notified.json');
      } catch (error) {
        this.#saved = '';
        this.#fails('notified.json', toFailoverError(error));
      }
    });
  }

  #delivered(delivery: Delivery): void {
    const { channel, error } = delivery;
    this.#options.delivered?.(delivery);
    if (error === undefined) this.#works(channel);
    else this.#fails(channel, error);
    this.#save();
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
