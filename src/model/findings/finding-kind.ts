import type { Message } from '../message.ts';

export type Severity = 'error' | 'warning' | 'information';

export interface FindingKind {
  /** What is shown, with `{name}` where finding() puts a value in; several forms by name where an id has them. */
  readonly message: Message;
  readonly severity: Severity;
  /** What the administrator can do about it. */
  readonly remedy: string;
}
