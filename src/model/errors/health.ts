import type { ErrorKind } from './error-kind.ts';

/** Failures of src/health. */
export const healthErrors = {
  HealthCheckInvalid: {
    message: {
      check: 'The health check of {hostName} {fault}',
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
