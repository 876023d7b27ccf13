import { errorCode } from '../edge/files.ts';
import type { FailureKind } from './probe-result.ts';

/** How far a probe had come. */
export type Phase = 'connect' | 'handshake' | 'answer' | 'body';

/** Why a probe is not healthy: the kind and one sentence for the administrator. */
export class ProbeFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Faults of the machine that probes, whoever is asked. */
const localFaults = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EACCES',
  'EPERM',
]);

/** `10.1.1.1 port 80`. */
export function endpoint(address: string, port: number): string {
  return `${address} port ${port}`;
}

/**
 * Names what went wrong with the connection.
 * @param immediate the connection failed before anything could have come back from the network, so that "no route"
 * is the monitor's own routing table speaking and not a router further on
 */
export function explainFault(error: unknown, phase: Phase, where: string, immediate: boolean): ProbeFailure {
  if (error instanceof ProbeFailure) return error;
  const code = errorCode(error) ?? '';
  const text = error instanceof Error ? error.message : String(error);
  switch (phase) {
    case 'connect':
      if (localFaults.has(code) || (immediate && code === 'ENETUNREACH'))
        return new ProbeFailure('local', `This machine cannot connect to ${where} (${code})`);
      if (code === 'ECONNREFUSED')
        return new ProbeFailure('connect', `The connection to ${where} was refused`);
      return new ProbeFailure('connect', `The connection to ${where} failed (${code || text})`);
    case 'handshake':
      return new ProbeFailure('tls', `The TLS handshake with ${where} failed (${code || text})`);
    case 'answer':
    case 'body':
      if (code === 'ECONNRESET' || code === 'EPIPE')
        return new ProbeFailure('protocol', `${where} closed the connection before its answer was complete`);
      return new ProbeFailure('protocol', `${where} did not answer with valid HTTP (${code || text})`);
  }
}

/** What was missing when the time was up. */
export function explainTimeout(phase: Phase, where: string, limitMs: number): ProbeFailure {
  const missing = {
    connect: `No connection to ${where}`,
    handshake: `No TLS handshake with ${where}`,
    answer: `No answer from ${where}`,
    body: `No complete answer from ${where}`,
  }[phase];
  return new ProbeFailure('timeout', `${missing} within ${limitMs / 1000} s`);
}
