import type { ErrorKind } from './error-kind.ts';

/** Failures of src/health. */
export const healthErrors = {
  HealthCheckInvalid: { category: 'InvalidArgument', remedy: 'Correct healthCheck in the settings file.' },
  ProbeAddressInvalid: {
    category: 'InvalidArgument',
    remedy:
      'Give an IPv4 or IPv6 address; names are not looked up, so that the probe reaches the server that is meant.',
  },
} as const satisfies Record<string, ErrorKind>;
