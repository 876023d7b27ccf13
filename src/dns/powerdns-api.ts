import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { failure, type FailoverError } from '../model/failover-error.ts';
import type { Secret } from '../model/secret.ts';

export interface PowerDnsApiOptions {
  /** `http://10.1.1.3:8081`. */
  readonly url: string;
  readonly apiKey: Secret;
  /** Default `localhost`, the name that an authoritative server has in its own API. */
  readonly serverId?: string;
  /** Default 3000 ms, for a whole request. */
  readonly timeoutMs?: number;
}

/** A record set as the API writes it (names absolute, with a final dot). */
export interface ApiRecordSet {
  readonly name: string;
  readonly type: string;
  readonly ttl?: number;
  readonly changetype?: 'REPLACE' | 'DELETE';
  readonly records?: readonly { readonly content: string; readonly disabled?: boolean }[];
}

/** An answer larger than this is no zone that this module switches. 64 MiB. */
const answerLimit = 64 * 1024 * 1024;

/** The calls of the HTTP API of PowerDNS (doc.powerdns.com/authoritative/http-api) that a switch needs. */
export class PowerDnsApi {
  readonly #options: PowerDnsApiOptions;
  readonly #base: string;

  constructor(options: PowerDnsApiOptions) {
    this.#options = options;
    const { url, serverId = 'localhost' } = options;
    this.#base = `${url.replace(/\/$/, '')}/api/v1/servers/${encodeURIComponent(serverId)}/zones`;
  }

  get place(): string {
    return this.#options.url;
  }

  async holds(zone: string, signal?: AbortSignal): Promise<boolean> {
    const found = await this.#call('GET', `?zone=${encodeURIComponent(`${zone}.`)}`, zone, undefined, signal);
    return Array.isArray(found) && found.length > 0;
  }

  /** The record sets of a name as they are served: without disabled records, perhaps from the server's cache. */
  async recordSetsAt(zone: string, name: string, signal?: AbortSignal): Promise<readonly ApiRecordSet[]> {
    const sets = await this.#zone(zone, `?rrset_name=${encodeURIComponent(`${name}.`)}`, signal);
    // Servers before 4.6 give the whole zone.
    return sets.filter((set) => set.name.toLowerCase() === `${name}.`);
  }

  /** All record sets of a zone as the server stores them. */
  recordSets(zone: string, signal?: AbortSignal): Promise<readonly ApiRecordSet[]> {
    return this.#zone(zone, '', signal);
  }

  async #zone(
    zone: string,
    query: string,
    signal: AbortSignal | undefined,
  ): Promise<readonly ApiRecordSet[]> {
    const path = `/${encodeURIComponent(`${zone}.`)}${query}`;
    const found = await this.#call('GET', path, zone, undefined, signal);
    const { rrsets } = (found ?? {}) as { rrsets?: unknown };
    if (!Array.isArray(rrsets)) throw this.#strange(zone);
    return rrsets as ApiRecordSet[];
  }

  /** Changes all of these or none: one transaction of the server. */
  async change(zone: string, rrsets: readonly ApiRecordSet[], signal?: AbortSignal): Promise<void> {
    await this.#call('PATCH', `/${encodeURIComponent(`${zone}.`)}`, zone, { rrsets }, signal);
  }

  /** Tells the secondaries; a zone without any answers with an error, which is none. */
  async notify(zone: string, signal?: AbortSignal): Promise<void> {
    await this.#call('PUT', `/${encodeURIComponent(`${zone}.`)}/notify`, zone, undefined, signal).catch(
      () => undefined,
    );
  }

  async #call(
    method: string,
    path: string,
    zone: string,
    body: object | undefined,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { status, text } = await this.#send(method, path, body, signal);
    if (status >= 200 && status < 300) {
      try {
        return text === '' ? undefined : JSON.parse(text);
      } catch {
        throw this.#strange(zone);
      }
    }
    const said = messageOf(text);
    if (status === 401 || status === 403)
      throw failure('DnsApiDenied', { server: this.place, status }, { target: this.place });
    if (status === 404)
      throw failure('DnsZoneNotFound.powerdns', { server: this.place, zone, said }, { target: zone });
    throw failure('DnsApiFailed.answered', { server: this.place, status, zone, said }, { target: zone });
  }

  #send(
    method: string,
    path: string,
    body: object | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ status: number; text: string }> {
    const { apiKey, timeoutMs = 3000 } = this.#options;
    const url = new URL(this.#base + path);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      'X-API-Key': apiKey.reveal(),
      Accept: 'application/json',
      ...(text !== undefined && {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(text),
      }),
    };
    const deadline = AbortSignal.timeout(timeoutMs);
    const ends = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        if (signal?.aborted) reject(signal.reason as Error);
        else reject(this.#unreachable(error, deadline.aborted ? timeoutMs : undefined));
      };
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const call = send(url, { method, headers, signal: ends, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > answerLimit) answer.destroy(new Error('the answer is too large'));
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
        answer.on('error', fail);
      });
      call.on('error', fail);
      call.end(text);
    });
  }

  #unreachable(error: Error, afterMs: number | undefined): FailoverError {
    const options = { target: this.place, cause: error };
    if (afterMs !== undefined)
      return failure('DnsTimeout.powerdns', { server: this.place, afterMs }, options);
    return failure('DnsServerUnreachable.powerdns', { server: this.place, why: error.message }, options);
  }

  #strange(zone: string): FailoverError {
    return failure('DnsApiFailed.notPowerdns', { server: this.place, zone }, { target: zone });
  }
}

/** The server's own words, of which the API gives one sentence. */
function messageOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? `: ${error.slice(0, 300)}` : '';
  } catch {
    return '';
  }
}
