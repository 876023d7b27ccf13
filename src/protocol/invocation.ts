import type { AnyCommand, CommandContext } from '../commands/definition.ts';
import type { Clock } from '../edge/clock.ts';
import { FailoverError, failure, toFailoverError } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import { type LoadedSettings, loadSettings, settingsPath, type SettingsLocation } from '../settings/load.ts';
import { bindParameters } from './parameters.ts';
import { ProgressGate } from './progress-gate.ts';
import type { ReplyStream } from './reply-stream.ts';

/** What PowerShell decided about a plan: the ids of approved steps, or that the plan is dropped (-WhatIf). */
export type Verdict = { readonly approved: readonly string[] } | 'released';

export interface Call {
  readonly command: AnyCommand;
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly settings: SettingsLocation;
  readonly whatIf: boolean;
}

/**
 * One call of a cmdlet. It ends with exactly one `done` or `failed`.
 *
 * | state    | event              | reply  | next     |
 * |----------|--------------------|--------|----------|
 * | running  | the query yields   | output | running  |
 * | running  | the query ends     | done   | ended    |
 * | planning | the plan is made   | plan   | waiting  |
 * | waiting  | apply              |        | applying |
 * | waiting  | release            | done   | ended    |
 * | waiting  | cancel             | failed | ended    |
 * | applying | the command yields | output | applying |
 * | applying | the command ends   | done   | ended    |
 * | any      | the command throws | failed | ended    |
 * | other    | cancel             |        | stopping |
 * | stopping | the command yields, throws or makes its plan | failed | ended |
 * | stopping | the command ends   | done   | ended    |
 *
 * In `stopping` the command's signal has fired, and the call ends when the command does: a caller that gets the end
 * may start the next call without meeting this one's locks. PowerShell kills the process when that takes too long.
 */
export class Invocation {
  readonly #replies: ReplyStream;
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  #settle: ((verdict: Verdict) => void) | undefined;

  constructor(replies: ReplyStream, clock: Clock) {
    this.#replies = replies;
    this.#clock = clock;
  }

  async run(call: Call): Promise<void> {
    const { signal } = this.#controller;
    try {
      await this.#execute(call);
      this.#replies.done();
    } catch (error) {
      this.#replies.failed(signal.aborted ? (signal.reason as FailoverError) : toFailoverError(error));
    }
  }

  /** PowerShell's answer to the plan; nothing where no plan waits for one. */
  settle(verdict: Verdict): void {
    this.#settle?.(verdict);
  }

  /** Stops the call; the reason is what it ends with. */
  cancel(reason = failure('Cancelled')): void {
    this.#controller.abort(reason);
  }

  async #execute({ command, parameters, settings, whatIf }: Call): Promise<void> {
    const bound = bindParameters(command, parameters);
    const context = this.#context(settings, whatIf);
    if (command.kind === 'query') {
      await this.#stream(command.run(bound, context) as AsyncIterable<unknown>);
      return;
    }
    const plan = (await command.plan(bound, context)) as Plan;
    try {
      context.signal.throwIfAborted();
      const approved = await this.#ask(plan);
      context.signal.throwIfAborted();
      if (approved !== undefined)
        await this.#stream(command.apply(approved, plan, context) as AsyncIterable<unknown>);
    } finally {
      await plan.release?.();
    }
  }

  async #stream(objects: AsyncIterable<unknown>): Promise<void> {
    for await (const object of objects) {
      this.#controller.signal.throwIfAborted();
      await this.#replies.output(object);
    }
  }

  async #ask(plan: Plan): Promise<readonly Step[] | undefined> {
    const { signal } = this.#controller;
    const verdict = await new Promise<Verdict>((resolve, reject) => {
      this.#settle = resolve;
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      this.#replies.plan(plan);
    });
    if (verdict === 'released') return undefined;
    const approved = new Set(verdict.approved);
    return plan.steps.filter((step) => approved.has(step.id));
  }

  #context(location: SettingsLocation, whatIf: boolean): CommandContext {
    const settingsFile = settingsPath(location);
    const gate = new ProgressGate(this.#clock);
    let loaded: Promise<LoadedSettings> | undefined;
    const settings = (): Promise<LoadedSettings> => (loaded ??= loadSettings(settingsFile.path));
    return {
      signal: this.#controller.signal,
      whatIf,
      clock: this.#clock,
      settingsFile,
      settings,
      settingsIfPresent: async () => {
        try {
          return await settings();
        } catch (error) {
          const missing = error instanceof FailoverError && error.id === 'SettingsNotFound';
          if (missing && !settingsFile.named) return undefined;
          throw error;
        }
      },
      verbose: (text) => this.#replies.verbose(text),
      warning: (text) => this.#replies.warning(text),
      progress: (progress) => {
        const passed = gate.pass(progress);
        if (passed !== undefined) this.#replies.progress(passed);
      },
      error: (error) => this.#replies.error(error),
    };
  }
}
