import type { ErrorKind } from './error-kind.ts';

/** Failures of src/report and src/dashboard. */
export const reportErrors = {
  ReportExists: {
    message: 'There is a file {path} already',
    category: 'ResourceExists',
    remedy: 'Name another file with -Path, or use -Force to replace it.',
  },
  DashboardUnavailable: {
    message: 'The dashboard cannot listen on {target}: {why}',
    category: 'ResourceUnavailable',
    remedy:
      'Choose a free port and an address of this machine, such as -DashboardAddress 127.0.0.1:8787. Port 0 takes any ' +
      'free one.',
  },
  MetricsUnavailable: {
    message: 'Metrics cannot be served on {target}: {why}',
    category: 'ResourceUnavailable',
    remedy: 'Name a free port and an address of this machine in monitor.metrics.address of the settings.',
  },
  DashboardTokenWeak: {
    message: '{path} does not hold at least 20 printable characters without spaces',
    category: 'InvalidData',
    remedy: 'Put at least 20 characters without spaces into the file, such as those of [guid]::NewGuid().',
  },
} as const satisfies Record<string, ErrorKind>;
