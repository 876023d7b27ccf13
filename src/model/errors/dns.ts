import type { ErrorKind } from './error-kind.ts';

/** Failures of src/dns. */
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
  DnsKeyInvalid: {
    message: {
      noStatement: 'Cannot use the TSIG key: the file has no statement that begins with key "name"',
      noSecret: 'Cannot use the TSIG key: the key statement has no secret "…"; line',
      missing: 'Cannot use the TSIG key: the {what} is missing',
      differs: 'Cannot use the TSIG key: the key file has the {what} {inFile}, the settings have {wanted}',
      algorithm: 'Cannot use the TSIG key: the algorithm {algorithm} is not one of {known}',
      notBase64: 'Cannot use the TSIG key: the secret is not base64 text',
    },
    category: 'InvalidArgument',
    remedy:
      'Give the base64 secret or a BIND key file as tsig-keygen writes it, with its name and algorithm.',
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
  DnsServerUnreachable: {
    message: {
      powerdns: 'The PowerDNS API {server} cannot be reached: {why}',
      noAddress: 'no address is known of it',
      server: 'The DNS server {server} cannot be reached: {why}',
    },
    category: 'ConnectionError',
    remedy: 'Check the address and port of the DNS server, that it runs, and that no firewall is between.',
  },
  DnsTimeout: {
    message: {
      powerdns: 'The PowerDNS API {server} did not answer within {afterMs} ms',
      server: 'The DNS server {server} did not answer within {timeoutMs} ms',
    },
    category: 'OperationTimeout',
    remedy: 'Check that the DNS server runs and that UDP and TCP to its port pass; raise dns.timeoutSeconds.',
  },
  DnsRefused: {
    message: 'The DNS server {server} refused {what}',
    category: 'PermissionDenied',
    remedy:
      'Send updates to the primary server of the zone, and allow the key there (BIND: allow-update or ' +
      'update-policy for exactly these names and types; Windows: dynamic updates of the zone, and dns.gss or dns.windows for one that takes secure updates only, where the account must have write access to the records; PowerDNS: ' +
      'TSIG-ALLOW-DNSUPDATE and allow-dnsupdate-from, and it refuses a wrong key, secret or clock with the same code).',
  },
  DnsNotAuthoritative: {
    message: {
      server: '{server} is not authoritative for {zone}',
      refused: 'The DNS server {server} is not authoritative for {what}',
    },
    category: 'ObjectNotFound',
    remedy:
      'Name a server that holds the zone with dns.servers, or correct dns.zones. Knot answers so where its acl ' +
      'does not allow the update: name the key there, with action update.',
  },
  DnsKeyUnknown: {
    message: '{server} does not know the key {key} with {algorithm}',
    category: 'AuthenticationError',
    remedy: 'Key name and algorithm must be the same in the settings and on the DNS server.',
  },
  DnsSignatureWrong: {
    message: {
      secret: '{server} has another secret for the key {key}',
      rejected: '{server} rejects the signature with TSIG error {code}',
    },
    category: 'AuthenticationError',
    remedy: 'The key has another secret on the DNS server: copy the secret again.',
  },
  DnsClockSkew: {
    message: {
      refused: '{skew} of {server}, more than it allows',
      answer: '{skew} of {server}',
      kerberos: 'No Kerberos context with {server}: {why}',
    },
    category: 'AuthenticationError',
    remedy:
      'Set the clocks of this computer and of the DNS server (w32tm /resync, chrony); 5 minutes are allowed.',
  },
  DnsChangedMeanwhile: {
    message: {
      expected: 'The zone {zone} has {found} where {expected} was read before, so that nothing was changed',
      refused: 'The DNS server {server} has other records than were read before, so that {what} was not made',
    },
    category: 'ResourceBusy',
    remedy: 'Someone else changed the records after they were read. Run the command again to plan anew.',
  },
  DnsServerFailure: {
    message: {
      failed: 'The DNS server {server} failed at {what}',
      code: 'The DNS server {server} answered code {code} to {what}',
    },
    category: 'ResourceUnavailable',
    remedy:
      "Look into the DNS server's log. Samba answers so as well where the account must not write the record.",
  },
  DnsFormatError: {
    message: 'The DNS server {server} did not understand {what}',
    category: 'ProtocolError',
    remedy: 'The DNS server did not understand the message; it may not support dynamic updates or TSIG.',
  },
  DnsNotImplemented: {
    message: 'The DNS server {server} does not support {what}',
    category: 'ProtocolError',
    remedy: 'Name a DNS server that supports dynamic updates (RFC 2136).',
  },
  DnsNotZone: {
    message: {
      planned: '{name} does not lie within zone {zone}, so nothing of the site was switched',
      refused: 'The DNS server {server} finds a name outside the zone in {what}',
    },
    category: 'InvalidArgument',
    remedy: 'Correct dns.zones: a name lies outside the zone.',
  },
  DnsAnswerNotSigned: {
    message: {
      partly: '{server} did not sign all of its answer',
      all: '{server} did not sign its answer',
    },
    category: 'SecurityError',
    remedy: 'Check that the server knows the key and that nothing between rewrites DNS messages.',
  },
  DnsAnswerInvalid: {
    message: {
      otherQuestion: '{server} answered another question',
      otherAnswer: '{server} answered something else',
      noTransfer: '{server} sent no transfer of {zone}',
      key: 'The answer of {server} is not signed by the key {key}',
      otherKey: '{server} answered for another key than {key}',
    },
    category: 'SecurityError',
    remedy:
      'Nothing was believed of this answer. Check what stands between this computer and the DNS server.',
  },
  DnsAnswerMalformed: {
    message: {
      tsig: 'A TSIG record is malformed',
      tkey: 'A TKEY record is malformed',
      message: 'A DNS message is malformed',
    },
    category: 'ProtocolError',
    remedy: 'Check that a DNS server listens at this address.',
  },
  GssUnavailable: {
    message: 'Secure dynamic updates need {library}, which cannot be loaded: {why}',
    category: 'NotInstalled',
    remedy:
      'Install the Kerberos library (Debian: libgssapi-krb5-2; Red Hat: krb5-libs; part of Windows) and the npm package ' +
      "koffi, which calls it, in the folder node_modules beside the module's core (lib).",
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
  DnsApiDenied: {
    message: 'The PowerDNS API {server} takes no such api-key ({status})',
    category: 'AuthenticationError',
    remedy:
      'dns.powerdns.apiKey must be the api-key of pdns.conf, and webserver-allow-from must name this computer.',
  },
  DnsApiFailed: {
    message: {
      answered: 'The PowerDNS API {server} answered {status} for {zone}{said}',
      notPowerdns: 'What {server} answered for {zone} is not from the API of PowerDNS',
    },
    category: 'ResourceUnavailable',
    remedy: "Check dns.powerdns.url and serverId, and look into the PowerDNS server's log.",
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
  DnsMessageTooLarge: {
    message: 'The change of {zone} does not fit one message',
    category: 'LimitsExceeded',
    remedy: 'Switch fewer sites at once.',
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
