import type { ErrorKind } from './error-kind.ts';

/** Failures of src/dns. */
export const dnsErrors = {
  DnsNameInvalid: { category: 'InvalidArgument', remedy: 'Correct the name.' },
  DnsRecordInvalid: { category: 'InvalidData', remedy: 'Correct the record data.' },
  DnsKeyInvalid: {
    category: 'InvalidArgument',
    remedy:
      'Give the base64 secret or a BIND key file as tsig-keygen writes it, with its name and algorithm.',
  },
  DnsZoneNotFound: {
    category: 'ObjectNotFound',
    remedy: 'Name the zone with dns.zones, or check that the DNS server holds it.',
  },
  DnsPrimaryUnknown: {
    category: 'ObjectNotFound',
    remedy: 'Name the server that takes updates with dns.servers.',
  },
  DnsServerUnreachable: {
    category: 'ConnectionError',
    remedy: 'Check the address and port of the DNS server, that it runs, and that no firewall is between.',
  },
  DnsTimeout: {
    category: 'OperationTimeout',
    remedy: 'Check that the DNS server runs and that UDP and TCP to its port pass; raise dns.timeoutSeconds.',
  },
  DnsRefused: {
    category: 'PermissionDenied',
    remedy:
      'Send updates to the primary server of the zone, and allow the key there (BIND: allow-update or ' +
      'update-policy for exactly these names and types; Windows: dynamic updates of the zone, and dns.windows for one that takes secure updates only; PowerDNS: ' +
      'TSIG-ALLOW-DNSUPDATE and allow-dnsupdate-from, and it refuses a wrong key, secret or clock with the same code).',
  },
  DnsNotAuthoritative: {
    category: 'ObjectNotFound',
    remedy:
      'Name a server that holds the zone with dns.servers, or correct dns.zones. Knot answers so where its acl ' +
      'does not allow the update: name the key there, with action update.',
  },
  DnsKeyUnknown: {
    category: 'AuthenticationError',
    remedy: 'Key name and algorithm must be the same in the settings and on the DNS server.',
  },
  DnsSignatureWrong: {
    category: 'AuthenticationError',
    remedy: 'The key has another secret on the DNS server: copy the secret again.',
  },
  DnsClockSkew: {
    category: 'AuthenticationError',
    remedy:
      'Set the clocks of this computer and of the DNS server (w32tm /resync, chrony); 5 minutes are allowed.',
  },
  DnsChangedMeanwhile: {
    category: 'ResourceBusy',
    remedy: 'Someone else changed the records after they were read. Run the command again to plan anew.',
  },
  DnsServerFailure: { category: 'ResourceUnavailable', remedy: "Look into the DNS server's log." },
  DnsFormatError: {
    category: 'ProtocolError',
    remedy: 'The DNS server did not understand the message; it may not support dynamic updates or TSIG.',
  },
  DnsNotImplemented: {
    category: 'ProtocolError',
    remedy: 'Name a DNS server that supports dynamic updates (RFC 2136).',
  },
  DnsNotZone: { category: 'InvalidArgument', remedy: 'Correct dns.zones: a name lies outside the zone.' },
  DnsAnswerNotSigned: {
    category: 'SecurityError',
    remedy: 'Check that the server knows the key and that nothing between rewrites DNS messages.',
  },
  DnsAnswerInvalid: {
    category: 'SecurityError',
    remedy:
      'Nothing was believed of this answer. Check what stands between this computer and the DNS server.',
  },
  DnsAnswerMalformed: {
    category: 'ProtocolError',
    remedy: 'Check that a DNS server listens at this address.',
  },
  DnsApiDenied: {
    category: 'AuthenticationError',
    remedy:
      'dns.powerdns.apiKey must be the api-key of pdns.conf, and webserver-allow-from must name this computer.',
  },
  DnsApiFailed: {
    category: 'ResourceUnavailable',
    remedy: "Check dns.powerdns.url and serverId, and look into the PowerDNS server's log.",
  },
  DnsChangeIncomplete: {
    category: 'WriteError',
    remedy:
      'Look at the records that the message names and put them right: they are neither as before nor as planned. ' +
      'The site is not switched again while a name has an address of both servers.',
  },
  DnsZoneSettingsUnsupported: {
    category: 'InvalidOperation',
    remedy:
      'Set refresh interval, minimum TTL and record TTLs with the tools of the DNS server (Windows: the SOA tab of the ' +
      'zone in dnsmgmt.msc); Test-FailoverReadiness shows the TTLs.',
  },
  DnsZoneSettingsKept: {
    category: 'InvalidOperation',
    remedy:
      "The DNS server keeps these values itself: set them in its own configuration, or in the zone's file.",
  },
  DnsMessageTooLarge: { category: 'LimitsExceeded', remedy: 'Switch fewer sites at once.' },
  DnsPartial: {
    category: 'ResourceUnavailable',
    remedy: 'Check zone transfers (NOTIFY) to the named servers; the next run looks again.',
  },
  DnsAliasElsewhere: {
    category: 'InvalidOperation',
    remedy: 'Make the alias point to a host name of the site, or take it out of the site.',
  },
  DnsUnexpectedAddress: {
    category: 'InvalidOperation',
    remedy: 'Leave one address a name, that of the primary server, or correct servers in the settings.',
  },
  DnsRecordMissing: {
    category: 'ObjectNotFound',
    remedy: "Add the record, or correct the site's hostNames in the settings.",
  },
  DnsMailAtName: {
    category: 'InvalidOperation',
    remedy: 'If mail may move with the site, set dns.acknowledgeMx to true.',
  },
  DnsNoAddressLeft: {
    category: 'InvalidOperation',
    remedy: "Add an address of this family to the other server's addresses in the settings.",
  },
  DnsTooManyChanges: {
    category: 'LimitsExceeded',
    remedy: 'Check that so many sites are meant to move; then raise dns.maxZoneChangePercent.',
  },
  DnsChangesConflict: { category: 'InvalidOperation', remedy: 'Switch these sites one after the other.' },
} as const satisfies Record<string, ErrorKind>;
