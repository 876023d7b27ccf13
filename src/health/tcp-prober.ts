import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { type Clock, systemClock } from '../edge/clock.ts';
import { failure } from '../model/failover-error.ts';
import type { HealthCheck } from './health-check.ts';
import { endpoint, explainFault, explainTimeout, type ProbeFailure } from './probe-failure.ts';
import type { Prober, ProbeResult } from './probe-result.ts';

/** Probes by connecting: a server that accepts the connection is healthy. Nothing is sent. */
export class TcpProber implements Prober {
  readonly #clock: Clock;

  constructor({ clock = systemClock }: { readonly clock?: Clock } = {}) {
    this.#clock = clock;
  }

  async probe(check: HealthCheck, address: string, signal?: AbortSignal): Promise<ProbeResult> {
    if (isIP(address) === 0) throw failure('ProbeAddressInvalid', { address }, { target: address });
    signal?.throwIfAborted();
    const time = this.#clock.now();
    const started = this.#clock.monotonic();
    const fault = await attempt(check, address, signal);
    return {
      address,
      url: `tcp://${check.hostName}:${check.port}`,
      healthy: fault === null,
      statusCode: null,
      latencyMs: Math.round((this.#clock.monotonic() - started) * 10) / 10,
      certificateDaysLeft: null,
      certificateSubject: null,
      error: fault?.message ?? null,
      failure: fault?.kind ?? null,
      warning: null,
      time,
    };
  }
}

async function attempt(
  check: HealthCheck,
  address: string,
  signal?: AbortSignal,
): Promise<ProbeFailure | null> {
  const { port, timeoutMs } = check;
  const limitMs = Math.min(check.connectTimeoutMs ?? timeoutMs, timeoutMs);
  const where = endpoint(address, port);
  const socket = connect({ host: address, port });
  const cutOff = (): void => void socket.destroy(new Error('cut off'));
  signal?.addEventListener('abort', cutOff, { once: true });
  let cut: ProbeFailure | undefined;
  // When our own process was held up, the connection may be there: one more turn to see it.
  const limit = setTimeout(() => {
    setImmediate(() => socket.destroy((cut ??= explainTimeout('connect', where, limitMs))));
  }, limitMs);
  let immediate = true;
  const turn = setImmediate(() => (immediate = false));
  try {
    await once(socket, 'connect');
    return null;
  } catch (error) {
    signal?.throwIfAborted();
    return cut ?? explainFault(error, 'connect', where, immediate);
  } finally {
    signal?.removeEventListener('abort', cutOff);
    clearTimeout(limit);
    clearImmediate(turn);
    socket.on('error', () => undefined); // a late one must not end the process
    socket.destroy();
  }
}
