import { FailoverError, failure } from '../model/failover-error.ts';
import { TimeSpan } from '../protocol/time-span.ts';
import type { Credential } from '../windows/cmdlet-call.ts';
import { PowerShellSession } from '../windows/powershell-session.ts';
import { normaliseName } from './names.ts';
import type { RecordSet } from './record-set.ts';
import {
  recordOf,
  type RecordObject,
  setParameters,
  setScript,
  soaOf,
  type WindowsRecord,
} from './windows-records.ts';

export interface WindowsServerOptions {
  /** As the DnsServer cmdlets take it: name or address. */
  readonly computerName: string;
  /** Of a CIM session to it. Default: the account that runs this process. */
  readonly credential?: Credential;
  /** Default: one of its own. */
  readonly session?: PowerShellSession;
  /** Its PowerShell ends after so long without a call. Default 15,000 ms. */
  readonly idleMs?: number;
}

/** Keeps a CIM session that the DnsServer cmdlets of this PowerShell use from then on. */
const connect = `param($ComputerName, $Credential)
$session = New-CimSession -ComputerName $ComputerName -Credential $Credential
$global:PSDefaultParameterValues['*-DnsServer*:CimSession'] = $session`;
const connectName = 'Connect-FailoverDnsServer';
const setName = 'Set-FailoverDnsRecord';

/** One Windows DNS server through the cmdlets of the module DnsServer (Windows Server 2012 and later, or RSAT). */
export class WindowsServer {
  readonly #options: WindowsServerOptions;
  readonly #session: PowerShellSession;
  #connected: Promise<unknown> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #running = 0;

  constructor(options: WindowsServerOptions) {
    this.#options = options;
    this.#session = options.session ?? new PowerShellSession();
  }

  get place(): string {
    return this.#options.computerName;
  }

  /** Names of the forward zones that this server can change. */
  async zones(signal?: AbortSignal): Promise<string[]> {
    const found = await this.#call('Get-DnsServerZone', {}, signal);
    return (found as { ZoneName?: string; ZoneType?: string; IsReverseLookupZone?: boolean }[])
      .filter((zone) => zone.ZoneType === 'Primary' && zone.IsReverseLookupZone !== true)
      .flatMap(({ ZoneName }) =>
        ZoneName === undefined || ZoneName === 'TrustAnchors' ? [] : [normaliseName(ZoneName)],
      );
  }

  /** The A, AAAA, CNAME and MX records at a name; an empty list where the name is not there. */
  async records(zone: string, name: string, signal?: AbortSignal): Promise<WindowsRecord[]> {
    return (await this.#at(zone, name, signal)).flatMap((one) => recordOf(one) ?? []);
  }

  async soa(zone: string, signal?: AbortSignal): Promise<RecordSet | undefined> {
    const found = await this.#at(zone, zone, signal);
    const record = found.find(({ RecordType }) => RecordType === 'SOA');
    return record && soaOf(zone, record);
  }

  async #at(zone: string, name: string, signal: AbortSignal | undefined): Promise<RecordObject[]> {
    try {
      const at = { ZoneName: zone, Name: hostName(zone, name), Node: true };
      return (await this.#call('Get-DnsServerResourceRecord', at, signal)) as RecordObject[];
    } catch (error) {
      // DNS_ERROR_NAME_DOES_NOT_EXIST, DNS_ERROR_RECORD_DOES_NOT_EXIST
      if (isWin32(error, 9714) || isWin32(error, 9701)) return [];
      // DNS_ERROR_ZONE_DOES_NOT_EXIST
      if (!isWin32(error, 9601)) throw error;
      throw failure('DnsZoneNotFound.onServer', { server: this.place, zone }, { target: zone, cause: error });
    }
  }

  /** How many record sets the zone has; those of DNSSEC are counted too. */
  async size(zone: string, signal?: AbortSignal): Promise<number> {
    const found = await this.#call('Get-DnsServerResourceRecord', { ZoneName: zone }, signal, 1);
    const sets = found as { HostName?: string; RecordType?: string }[];
    return new Set(sets.map(({ HostName, RecordType }) => `${HostName} ${RecordType}`)).size;
  }

  async add(zone: string, name: string, record: WindowsRecord, signal?: AbortSignal): Promise<void> {
    const value =
      record.type === 'A' ? { A: true, IPv4Address: record.data } : { AAAA: true, IPv6Address: record.data };
    const TimeToLive = new TimeSpan(record.ttl * 1000);
    const at = { ZoneName: zone, Name: hostName(zone, name), TimeToLive };
    const age = record.dynamic ? { AgeRecord: true } : {};
    await this.#call('Add-DnsServerResourceRecord', { ...at, ...value, ...age }, signal);
  }

  async remove(zone: string, name: string, record: WindowsRecord, signal?: AbortSignal): Promise<void> {
    const at = { ZoneName: zone, Name: hostName(zone, name), RRType: record.type };
    await this.#call(
      'Remove-DnsServerResourceRecord',
      { ...at, RecordData: record.data, Force: true },
      signal,
    );
  }

  /** Gives a record set that is there its new TTL, and an SOA record its new values. */
  async set(zone: string, set: RecordSet, signal?: AbortSignal): Promise<void> {
    await this.#define(setName, setScript, signal);
    const at = { ZoneName: zone, Name: hostName(zone, set.name) };
    await this.#call(setName, { ...at, ...setParameters(set) }, signal);
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#connected = undefined;
    await this.#session.close();
  }

  async #call(
    command: string,
    parameters: object,
    signal: AbortSignal | undefined,
    depth = 3,
  ): Promise<unknown[]> {
    const { computerName, credential, idleMs = 15_000 } = this.#options;
    clearTimeout(this.#idle);
    this.#running++;
    try {
      if (credential !== undefined)
        await (this.#connected ??= this.#connect(computerName, credential, signal));
      const target = credential === undefined ? { ComputerName: computerName } : {};
      return await this.#session.invoke(
        command,
        { ...target, ...parameters },
        { depth, ...(signal && { signal }) },
      );
    } catch (error) {
      // A new PowerShell has no CIM session.
      if (!(error instanceof FailoverError) || error.id === 'PowerShellEnded') this.#connected = undefined;
      throw error;
    } finally {
      // Nobody owns a provider so long that he could close it, and a PowerShell must not stay for ever.
      if (--this.#running === 0) this.#idle = setTimeout(() => void this.close(), idleMs).unref();
    }
  }

  async #connect(
    ComputerName: string,
    credential: Credential,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const options = signal === undefined ? {} : { signal };
    await this.#define(connectName, connect, signal);
    const secrets = { Credential: credential };
    await this.#session.invoke(connectName, { ComputerName }, { ...options, secrets });
  }

  /** Makes a function of its PowerShell. */
  async #define(name: string, script: string, signal: AbortSignal | undefined): Promise<void> {
    await this.#session.invoke(
      'New-Item',
      { Path: `function:global:${name}`, Value: script, Force: true },
      { ...(signal && { signal }), depth: 1 },
    );
  }
}

/** Names are relative in the cmdlets, and `@` is the zone itself. */
function hostName(zone: string, name: string): string {
  return name === zone ? '@' : name.slice(0, -zone.length - 1);
}

function isWin32(error: unknown, code: number): boolean {
  return (
    error instanceof FailoverError && error.id === 'CmdletFailed' && error.message.includes(`WIN32 ${code}`)
  );
}
