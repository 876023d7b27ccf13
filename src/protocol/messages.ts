import { failure } from '../model/failover-error.ts';

/** Grows when one side could misread the other; the wrapper refuses a bundle that says another number. */
export const protocolVersion = 1;

/** What PowerShell sends. */
export type RequestKind = 'invoke' | 'apply' | 'release' | 'cancel';
/** What Node sends. */
export type ReplyKind =
  'hello' | 'output' | 'verbose' | 'warning' | 'progress' | 'error' | 'plan' | 'done' | 'failed';

export interface Request {
  /** A RequestKind, or what another version of the module calls one. */
  readonly kind: string;
  /** Chosen by PowerShell, one for each invocation. */
  readonly id: number;
  /** CLIXML; empty where the kind has none. */
  readonly payload: string;
}

const separator = '\u001e';

/**
 * A message as a line. It begins with a record separator, so that whatever a library has printed on the line before
 * can be told from it.
 */
export function formatMessage(kind: ReplyKind, id: number, payload: string): string {
  return `${separator}${kind} ${id} ${payload}\n`;
}

/**
 * The message of a line, or undefined where it has none.
 * @throws FailoverError ProtocolViolation where a record separator is followed by anything else
 */
export function parseRequest(line: string): Request | undefined {
  const start = line.lastIndexOf(separator);
  if (start < 0) return undefined;
  const match = /^([a-z]+) (\d{1,15}) (.*)$/s.exec(line.slice(start + 1).replace(/\r$/, ''));
  if (match === null) throw failure('ProtocolViolation.form');
  return { kind: match[1]!, id: Number(match[2]), payload: match[3]! };
}
