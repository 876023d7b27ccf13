import type { ErrorKind } from './error-kind.ts';

/** Failures of src/health. */
export const healthErrors = {
  HealthCheckInvalid: {
    message: {
      head: 'The health check of {hostName} asks with HEAD, whose answer has no body to find {setting} in',
      tcp: 'The health check of {hostName} asks by TCP, which has no body to find {setting} in',
      expression: 'The health check of {hostName} has a bodyMatches that RE2 does not take: {why}',
      ownHeader: 'The health check of {hostName} must not set the header {header}',
      headerName: 'The health check of {hostName} has a header with an invalid name, {header}',
      headerValue: 'The health check of {hostName} has an invalid value for the header {header}',
      url: '{url} is not a URL that can be probed',
    },
    category: 'InvalidArgument',
    remedy: 'Correct healthCheck in the settings file.',
  },
  ProbeAddressInvalid: {
    message: '{address} is not an IPv4 or IPv6 address',
    category: 'InvalidArgument',
    remedy:
      'Give an IPv4 or IPv6 address; names are not looked up, so that the probe reaches the server that is meant.',
  },
} as const satisfies Record<string, ErrorKind>;
