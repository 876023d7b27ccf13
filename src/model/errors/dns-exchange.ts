import type { ErrorKind } from './error-kind.ts';

/** Failures of src/dns about servers: reaching them, their answers, and the keys that sign. */
export const dnsExchangeErrors = {
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
  DnsMessageTooLarge: {
    message: 'The change of {zone} does not fit one message',
    category: 'LimitsExceeded',
    remedy: 'Switch fewer sites at once.',
  },
} as const satisfies Record<string, ErrorKind>;
