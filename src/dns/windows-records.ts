import { TimeSpan } from '../protocol/time-span.ts';
import { normaliseName } from './names.ts';
import { recordSet, type RecordSet } from './record-set.ts';

/** A record as Get-DnsServerResourceRecord gives it. */
export interface WindowsRecord {
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'MX';
  /** Seconds. */
  readonly ttl: number;
  /** Presentation form. */
  readonly data: string;
  /** True where it has a timestamp and may be scavenged. */
  readonly dynamic: boolean;
}

export interface RecordObject {
  readonly RecordType?: string;
  readonly TimeToLive?: unknown;
  readonly Timestamp?: Date | null;
  readonly RecordData?: Readonly<Record<string, unknown>>;
}

/** Undefined for types that no plan looks at. */
export function recordOf(record: RecordObject): WindowsRecord | undefined {
  const { RecordType, TimeToLive, Timestamp, RecordData = {} } = record;
  const { IPv4Address, IPv6Address, HostNameAlias, Preference, MailExchange } = RecordData;
  const common = { ttl: seconds(TimeToLive), dynamic: Timestamp instanceof Date };
  switch (RecordType) {
    case 'A':
      return { ...common, type: RecordType, data: text(IPv4Address) };
    case 'AAAA':
      return { ...common, type: RecordType, data: text(IPv6Address) };
    case 'CNAME':
      return { ...common, type: RecordType, data: text(HostNameAlias) };
    case 'MX':
      return { ...common, type: RecordType, data: `${text(Preference)} ${text(MailExchange)}` };
    default:
      return undefined;
  }
}

/** The SOA record (class DnsServerResourceRecordSoa: its times are time spans). */
export function soaOf(zone: string, { TimeToLive, RecordData = {} }: RecordObject): RecordSet {
  const { PrimaryServer, ResponsiblePerson, SerialNumber } = RecordData;
  const { RefreshInterval, RetryDelay, ExpireLimit, MinimumTimeToLive } = RecordData;
  const names = [PrimaryServer, ResponsiblePerson].map((name) => normaliseName(text(name)));
  const times = [RefreshInterval, RetryDelay, ExpireLimit, MinimumTimeToLive].map(seconds);
  return recordSet(zone, 'SOA', seconds(TimeToLive), [[...names, text(SerialNumber), ...times].join(' ')]);
}

/** What setScript takes of a record set: its TTL, and of an SOA record what a plan may change. */
export function setParameters({ type, ttl, data }: RecordSet): object {
  const span = (value: number | undefined): TimeSpan => new TimeSpan((value ?? 0) * 1000);
  const TimeToLive = span(ttl);
  if (type !== 'SOA') return { RRType: type, TimeToLive };
  const [SerialNumber, refresh, retry, , minimum] = data[0]!.split(' ').slice(2).map(Number);
  const times = { RefreshInterval: span(refresh), RetryDelay: span(retry), MinimumTimeToLive: span(minimum) };
  return { RRType: type, TimeToLive, SerialNumber, ...times };
}

/**
 * Gives all records of one type at a name another TTL, and the SOA record other values. Both objects of
 * Set-DnsServerResourceRecord are live ones, so that it runs where they are.
 */
export const setScript = `param($ComputerName, $ZoneName, $Name, $RRType, $TimeToLive,
    $SerialNumber, $RefreshInterval, $RetryDelay, $MinimumTimeToLive)
$at = @{ ZoneName = $ZoneName; ErrorAction = 'Stop' }
if ($ComputerName) { $at.ComputerName = $ComputerName }
foreach ($old in @(Get-DnsServerResourceRecord @at -Name $Name -RRType $RRType -Node)) {
    $new = $old.Clone()
    $new.TimeToLive = $TimeToLive
    if ($RRType -eq 'SOA') {
        $new.RecordData.SerialNumber = [uint32]$SerialNumber
        $new.RecordData.RefreshInterval = $RefreshInterval
        $new.RecordData.RetryDelay = $RetryDelay
        $new.RecordData.MinimumTimeToLive = $MinimumTimeToLive
    }
    Set-DnsServerResourceRecord @at -OldInputObject $old -NewInputObject $new
}`;

/** An address comes as text or as an IPAddress object. */
function text(value: unknown): string {
  const plain =
    typeof value === 'object' && value !== null && 'IPAddressToString' in value
      ? value.IPAddressToString
      : value;
  return String(plain);
}

function seconds(value: unknown): number {
  return value instanceof TimeSpan ? Math.round(value.milliseconds / 1000) : 0;
}
