import { FailoverError } from '../model/failover-error.ts';

/** Grows when one side could misread the other; the wrapper refuses a bundle that says another number. */
export const protocolVersion = 1;

/** What PowerShell sends, and what Node sends. The payloads are in docs/protocol.md. */
export const requestKinds = ['invoke', 'apply', 'release', 'cancel'] as const;
export type RequestKind = (typeof requestKinds)[number];
export type ReplyKind =
  'hello' | 'output' | 'verbose' | 'warning' | 'progress' | 'error' | 'plan' | 'done' | 'failed';

export interface Request {
  readonly kind: RequestKind;
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
 * @throws FailoverError ProtocolViolation; its target is the id, where there is one
 */
export function parseRequest(line: string): Request | undefined {
  const start = line.lastIndexOf(separator);
  if (start < 0) return undefined;
  const match = /^([a-z]+) (\d{1,15}) (.*)$/s.exec(line.slice(start + 1).replace(/\r$/, ''));
  const kind = requestKinds.find((known) => known === match?.[1]);
  if (match === null || kind === undefined)
    throw new FailoverError(
      'ProtocolViolation',
      'A message has no known form',
      match ? { target: match[2]! } : {},
    );
  return { kind, id: Number(match[2]), payload: match[3]! };
}
