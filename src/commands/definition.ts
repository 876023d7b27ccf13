import type { FailoverError } from '../model/failover-error.ts';
import type { Plan } from '../model/plan.ts';
import type { Secret } from '../model/secret.ts';
import type { Clock } from '../edge/clock.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { OutputDefinition } from './output.ts';

/** What a parameter of each type is in TypeScript once it has crossed from PowerShell. */
export interface ParameterTypes {
  string: string;
  'string[]': string[];
  /** A file-system path; the wrapper resolves it against PowerShell's current location. */
  path: string;
  'path[]': string[];
  int: number;
  switch: boolean;
  hashtable: Map<string, unknown>;
  securestring: Secret;
  credential: { userName: string; password: Secret };
  /** A hashtable of PSCredential and SecureString values; a SecureString has no user name. */
  credentials: Map<string, { userName?: string; password: Secret }>;
  timespan: number; // milliseconds
  datetime: Date;
}

export type ParameterType = keyof ParameterTypes;

export interface ParameterDefinition {
  readonly type: ParameterType;
  /** One or two sentences; becomes the parameter's help. */
  readonly help: string;
  readonly mandatory?: boolean;
  readonly position?: number;
  readonly pipeline?: 'value' | 'property' | 'both';
  readonly aliases?: readonly string[];
  readonly choices?: readonly string[];
  readonly range?: readonly [number, number];
  /** Accepts PowerShell wildcards (* ? [a-z]); said in the help. */
  readonly wildcards?: boolean;
  /** The default in words, for the help. */
  readonly defaultText?: string;
}

export type ParameterSet = Readonly<Record<string, ParameterDefinition>>;

type ValueOf<D extends ParameterDefinition> = D extends { choices: readonly (infer C extends string)[] }
  ? C
  : ParameterTypes[D['type']];

/** The values of a bound parameter set: mandatory parameters are there, the others may be undefined. */
export type Bound<P extends ParameterSet> = {
  readonly [K in keyof P]: P[K] extends { mandatory: true } ? ValueOf<P[K]> : ValueOf<P[K]> | undefined;
};

export interface Progress {
  readonly activity: string;
  readonly status: string;
  /** 0 to 100; undefined where the total is unknown. */
  readonly percent?: number;
  readonly secondsRemaining?: number;
  readonly completed?: boolean;
}

/** What a command has of the session it runs in: its streams, its settings, the clock and the stop signal. */
export interface CommandContext {
  /** Fires on Ctrl+C. */
  readonly signal: AbortSignal;
  /** -WhatIf: whatever is done must leave no trace. */
  readonly whatIf: boolean;
  readonly clock: Clock;
  /** Where the settings file in force is or would be; `named` where the administrator named it. */
  readonly settingsFile: { readonly path: string; readonly named: boolean };
  /** The settings file in force; throws SettingsNotFound where there is none. Loaded once per call. */
  settings(): Promise<LoadedSettings>;
  /** The same, or undefined where no settings file was named and the default one does not exist. */
  settingsIfPresent(): Promise<LoadedSettings | undefined>;
  verbose(text: string): void;
  warning(text: string): void;
  /** As often as it suits the command: what is too much for the session is left out. */
  progress(progress: Progress): void;
  /** A non-terminating error: this item failed, the rest goes on. */
  error(error: FailoverError): void;
}

export interface Example {
  readonly title: string;
  /** PowerShell that a test runs in the lab described in test/powershell/examples.test.ts. */
  readonly code: string;
  readonly explanation: string;
}

interface CommandBase<P extends ParameterSet, O> {
  /** An approved verb (Get-Verb). */
  readonly verb: string;
  /** Singular. */
  readonly noun: string;
  readonly synopsis: string;
  /** Paragraphs of the help's DESCRIPTION. */
  readonly description: readonly string[];
  /** Without SettingsPath, which every command has. */
  readonly parameters: P;
  readonly output: OutputDefinition<O>;
  readonly examples: readonly [Example, ...Example[]];
  /** Names of related commands for the help. */
  readonly related?: readonly string[];
}

/** A command that only reads. Objects go to the pipeline as they are yielded. */
export interface QueryDefinition<P extends ParameterSet, O> extends CommandBase<P, O> {
  readonly kind: 'query';
  /** A boolean is for a -Quiet switch, whose answer is that value alone. */
  run(parameters: Bound<P>, context: CommandContext): AsyncIterable<O | boolean>;
}

/**
 * A command that changes something: `plan` computes the steps and changes nothing; the session asks ShouldProcess
 * for each; `apply` gets the approved ones. It is called with no step when there was nothing to approve or all
 * were declined, and not at all under -WhatIf (but see Plan.shadow), so that -WhatIf leaves no trace.
 */
export interface ChangeDefinition<P extends ParameterSet, L extends Plan, O> extends CommandBase<P, O> {
  readonly kind: 'change';
  readonly confirmImpact: 'Low' | 'Medium' | 'High';
  plan(parameters: Bound<P>, context: CommandContext): Promise<L>;
  apply(approved: readonly StepOf<L>[], plan: L, context: CommandContext): AsyncIterable<O>;
}

/** The kind of step that a kind of plan has. */
export type StepOf<L extends Plan> = L['steps'][number];

/** Any command, for code that handles all of them alike (generator, dispatch). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyCommand = QueryDefinition<any, any> | ChangeDefinition<any, any, any>;

/** Keeps the exact types of a definition while checking its form. */
export function query<const P extends ParameterSet, O>(
  definition: QueryDefinition<P, O>,
): QueryDefinition<P, O> {
  return definition;
}

export function change<const P extends ParameterSet, L extends Plan, O>(
  definition: ChangeDefinition<P, L, O>,
): ChangeDefinition<P, L, O> {
  return definition;
}

/** `Backup-FailoverSite` for { verb: 'Backup', noun: 'FailoverSite' }. */
export function commandName(command: { verb: string; noun: string }): string {
  return `${command.verb}-${command.noun}`;
}
