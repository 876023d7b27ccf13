import type { AnyCommand, CommandContext } from '../commands/definition.ts';
import type { Clock } from '../edge/clock.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import { type LoadedSettings, loadSettings, settingsPath, type SettingsLocation } from '../settings/load.ts';
import { bindParameters } from './parameters.ts';
import type { ReplyStream } from './reply-stream.ts';

/** What PowerShell decided about a plan: the ids of approved steps, or that the plan is dropped (-WhatIf). */
export type Verdict = { readonly approved: readonly string[] } | 'released';

export interface Call {
  readonly command: AnyCommand;
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly settings: SettingsLocation;
}

/**
 * One call of a cmdlet. It ends with exactly one `done` or `failed`.
 *
 * | state    | event                | reply            | next     |
 * |----------|----------------------|------------------|----------|
 * | running  | query yields         | output           | running  |
 * | running  | query ends           | done             | ended    |
 * | planning | plan is made         | plan             | waiting  |
 * | waiting  | apply                |                  | applying |
 * | waiting  | release              | done             | ended    |
 * | applying | command yields       | output           | applying |
 * | applying | command ends         | done             | ended    |
 * | any      | cancel               | failed Cancelled | ended    |
 * | any      | the command throws   | failed           | ended    |
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
    let end: () => void = () => this.#replies.done();
    try {
      await Promise.race([this.#execute(call), rejection(signal)]);
    } catch (error) {
      const failure = signal.aborted ? cancelled() : toFailoverError(error);
      end = () => this.#replies.failed(failure);
    }
    end();
  }

  /** PowerShell's answer to the plan; false where no plan waits for one. */
  settle(verdict: Verdict): boolean {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(verdict);
    return settle !== undefined;
  }

  cancel(): void {
    this.#controller.abort(cancelled());
  }

  async #execute({ command, parameters, settings }: Call): Promise<void> {
    const bound = bindParameters(command, parameters);
    const context = this.#context(settings);
    if (command.kind === 'query') {
      await this.#stream(command.run(bound, context) as AsyncIterable<unknown>);
      return;
    }
    const plan = (await command.plan(bound, context)) as Plan;
    const approved = await this.#ask(plan.steps);
    if (approved !== undefined)
      await this.#stream(command.apply(approved, plan, context) as AsyncIterable<unknown>);
  }

  async #stream(objects: AsyncIterable<unknown>): Promise<void> {
    for await (const object of objects) {
      if (this.#controller.signal.aborted) return; // `failed` has been sent: nothing may follow it
      this.#replies.output(object);
    }
  }

  async #ask(steps: readonly Step[]): Promise<readonly Step[] | undefined> {
    const verdict = new Promise<Verdict>((resolve) => (this.#settle = resolve));
    this.#replies.plan(steps);
    const settled = await verdict;
    if (settled === 'released') return undefined;
    const approved = new Set(settled.approved);
    return steps.filter((step) => approved.has(step.id));
  }

  #context(location: SettingsLocation): CommandContext {
    const settingsFile = settingsPath(location);
    const { signal } = this.#controller;
    let loaded: Promise<LoadedSettings> | undefined;
    const settings = (): Promise<LoadedSettings> => (loaded ??= loadSettings(settingsFile.path));
    /** A command that does not heed the signal must not write after its end. */
    const live =
      <A extends unknown[]>(write: (...args: A) => void) =>
      (...args: A): void => {
        if (!signal.aborted) write(...args);
      };
    return {
      signal,
      clock: this.#clock,
      settingsFile,
      settings,
      settingsIfPresent: async () => {
        try {
          return await settings();
        } catch (error) {
          if (!settingsFile.named && error instanceof FailoverError && error.id === 'SettingsNotFound')
            return undefined;
          throw error;
        }
      },
      verbose: live((text) => this.#replies.verbose(text)),
      warning: live((text) => this.#replies.warning(text)),
      progress: live((progress) => this.#replies.progress(progress)),
      error: live((error) => this.#replies.error(error)),
    };
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(cancelled()), { once: true }),
  );
}

function cancelled(): FailoverError {
  return new FailoverError('Cancelled', 'The command was stopped.');
}
