import type { ErrorKind } from './error-kind.ts';

/** Failures of src/dns about zones, records and their changes. */
export const dnsErrors = {
  DnsNameInvalid: {
    message: {
      empty: '"{name}" is not a domain name: it is empty',
      internationalised: '"{name}" is not a domain name: it is not a valid internationalised name',
      emptyLabel: '"{name}" is not a domain name: it has an empty label',
      longLabel: '"{name}" is not a domain name: the label {label} is longer than 63 characters',
      long: '"{name}" is not a domain name: it is longer than 253 characters',
      character: '"{name}" is not a domain name: it contains "{character}"',
    },
    category: 'InvalidArgument',
    remedy: 'Correct the name.',
  },
  DnsRecordInvalid: {
    message: {
      type: '{type} is not a type of DNS records',
      data: '"{data}" is not the data of a record of type {type}',
    },
    category: 'InvalidData',
    remedy: 'Correct the record data.',
  },
  DnsZoneNotFound: {
    message: {
      onServer: 'The DNS server {server} holds no zone {zone}',
      forName: 'The DNS server {server} holds no zone for {name}',
      powerdns: 'The PowerDNS API {server} holds no zone {zone}{said}',
      powerdnsForName: 'The PowerDNS API {server} holds no zone for {name}',
      inSettings: 'None of the zones of the settings holds {name}',
      atServer: '{server} holds no zone {zone}',
      atServerForName: '{server} holds no zone for {name}',
      noServer: 'DNS names no authoritative server for {name}',
      notAuthoritative: '{server} is not authoritative for {name}',
      notRouted: 'No DNS server is named for {name}',
      view: 'The settings have no DNS view {view}',
    },
    category: 'ObjectNotFound',
    remedy: 'Name the zone with dns.zones, or check that the DNS server holds it.',
  },
  DnsPrimaryUnknown: {
    message: '{name}, the primary of {zone}, has no address',
    category: 'ObjectNotFound',
    remedy: 'Name the server that takes updates with dns.servers.',
  },
  DnsChangedMeanwhile: {
    message: {
      expected: 'The zone {zone} has {found} where {expected} was read before, so that nothing was changed',
      refused: 'The DNS server {server} has other records than were read before, so that {what} was not made',
    },
    category: 'ResourceBusy',
    remedy: 'Someone else changed the records after they were read. Run the command again to plan anew.',
  },
  GssUnavailable: {
    message: 'Secure dynamic updates need {library}, which cannot be loaded: {why}',
    category: 'NotInstalled',
    remedy:
      'Install the Kerberos library (Debian: libgssapi-krb5-2; Red Hat: krb5-libs; part of Windows). The npm package koffi ' +
      'calls it: the release package holds it in lib/node_modules for Windows and for Linux on x64; a clone has it after npm ci.',
  },
  GssTicketMissing: {
    message: 'No Kerberos context with {server}: {why}',
    category: 'AuthenticationError',
    remedy:
      'Linux: name a keytab with dns.gss.keytab, or run kinit as the account that runs the command. Windows: run the ' +
      'command as a domain account, e.g. the scheduled task as a gMSA. The account must be enabled, its password not expired.',
  },
  GssServerNotFound: {
    message: {
      context: 'No Kerberos context with {server}: {why}',
      noSoa: 'No SOA record of {zone} names the server, whose principal is wanted',
    },
    category: 'ObjectNotFound',
    remedy:
      'Set dns.gss.principal to the service principal of the DNS server, as DNS/dc1.example.com or DNS/dc1.example.com@' +
      'EXAMPLE.COM; setspn -L dc1 lists what a domain controller has (HOST stands for DNS as well).',
  },
  GssKdcUnreachable: {
    message: 'No Kerberos context with {server}: {why}',
    category: 'ConnectionError',
    remedy:
      'Check that a domain controller answers on port 88 (TCP and UDP), and realm and KDC in /etc/krb5.conf.',
  },
  GssRejected: {
    message: {
      code: '{server} answers code {code} to the TKEY query of secure updates',
      noRecord: '{server} answers the TKEY query of secure updates without a TKEY record',
      tkey: '{server} takes no secure updates of this computer: TKEY error {code}',
      ticket: '{server} does not take the Kerberos ticket for {principal}: TKEY error BADKEY',
      algorithm: '{server} does not know gss-tsig: TKEY error {code}',
      endless: '{server} brings the negotiation of secure updates to no end',
      forgotten: '{server} forgets the security context that it has just agreed to',
    },
    category: 'AuthenticationError',
    remedy:
      'The DNS server must hold the key of the principal that was asked for: set dns.gss.principal to its own. Where ' +
      'its password changed meanwhile, klist purge (Windows) or kinit (Linux) fetches a new ticket. BIND: tkey-gssapi-keytab.',
  },
  GssKeytabInvalid: {
    message: '{path} is not a keytab, or an empty one',
    category: 'InvalidData',
    remedy: 'Make the keytab anew: samba-tool domain exportkeytab, ktutil, or ktpass on a domain controller.',
  },
  GssKeytabUnsupported: {
    message: 'On Windows the keytab {keytab} cannot be used',
    category: 'InvalidArgument',
    remedy: 'Remove dns.gss.keytab, and run the command as the account, e.g. the scheduled task as a gMSA.',
  },
  GssFailed: {
    message: 'No Kerberos context with {server}: {why}',
    category: 'AuthenticationError',
    remedy: 'Look for the words of the message in the documentation of Kerberos; klist shows the tickets.',
  },
  DnsChangeIncomplete: {
    message: {
      windows:
        'The change of zone {zone} on {server} failed ({why}) after {made}, and taking that back failed too: {undo}',
    },
    category: 'WriteError',
    remedy:
      'Look at the records that the message names and put them right: they are neither as before nor as planned. ' +
      'The site is not switched again while a name has an address of both servers.',
  },
  DnsZoneSettingsUnsupported: {
    message: {
      provider: 'The settings of zone {zone} cannot be changed through the DNS provider of the settings',
      timestamp:
        '{name} {type} has a timestamp: the cmdlet that gives it another TTL would make it a static record',
    },
    category: 'InvalidOperation',
    remedy:
      'Set refresh interval, minimum TTL and record TTLs with the tools of the DNS server (Windows: the SOA tab of the ' +
      'zone in dnsmgmt.msc); Test-FailoverReadiness shows the TTLs.',
  },
  DnsZoneSettingsKept: {
    message: 'The DNS server took the change of zone {zone} and did not make all of it: {left} is left',
    category: 'InvalidOperation',
    remedy:
      "The DNS server keeps these values itself: set them in its own configuration, or in the zone's file.",
  },
  DnsPartial: {
    message: 'Zone {zone} was changed, but {why}',
    category: 'ResourceUnavailable',
    remedy: 'Check zone transfers (NOTIFY) to the named servers; the next run looks again.',
  },
  DnsAliasElsewhere: {
    message: '{name} {problem}, so nothing of the site was switched',
    category: 'InvalidOperation',
    remedy: 'Make the alias point to a host name of the site, or take it out of the site.',
  },
  DnsUnexpectedAddress: {
    message:
      '{name} has the {family} records {found} where the address of the primary ({primary}) or of the failover server ({failover}) was expected alone, so nothing of the site was switched',
    category: 'InvalidOperation',
    remedy: 'Leave one address a name, that of the primary server, or correct servers in the settings.',
  },
  DnsRecordMissing: {
    message: '{name} has no address record, so nothing of the site was switched',
    category: 'ObjectNotFound',
    remedy: "Add the record, or correct the site's hostNames in the settings.",
  },
  DnsMailAtName: {
    message: '{name} has MX records ({data}), so mail may move with the site',
    category: 'InvalidOperation',
    remedy: 'If mail may move with the site, set dns.acknowledgeMx to true.',
  },
  DnsNoAddressLeft: {
    message: '{name} would have no address left of {records}, so nothing of the site was switched',
    category: 'InvalidOperation',
    remedy: "Add an address of this family to the other server's addresses in the settings.",
  },
  DnsTooManyChanges: {
    message:
      'The switch would change {changed} of the {size} record sets of zone {zone} at once ({percent} %, more than the {maxPercent} % allowed), so none was changed',
    category: 'LimitsExceeded',
    remedy: 'Check that so many sites are meant to move; then raise dns.maxZoneChangePercent.',
  },
  DnsChangesConflict: {
    message: 'Two changes of zone {zone} contradict each other: {first} and {second}',
    category: 'InvalidOperation',
    remedy: 'Switch these sites one after the other.',
  },
} as const satisfies Record<string, ErrorKind>;
