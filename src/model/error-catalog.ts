import { aclErrors } from './errors/acl.ts';
import { contentErrors } from './errors/content.ts';
import { dnsErrors } from './errors/dns.ts';
import { dnsExchangeErrors } from './errors/dns-exchange.ts';
import { edgeErrors } from './errors/edge.ts';
import { failoverErrors } from './errors/failover.ts';
import { healthErrors } from './errors/health.ts';
import { historyErrors } from './errors/history.ts';
import { iisErrors } from './errors/iis.ts';
import { notifyErrors } from './errors/notify.ts';
import { protocolErrors } from './errors/protocol.ts';
import { reportErrors } from './errors/report.ts';
import { settingsErrors } from './errors/settings.ts';
import { setupErrors } from './errors/setup.ts';
import { taskErrors } from './errors/tasks.ts';
import { windowsErrors } from './errors/windows.ts';

export type { ErrorCategory, ErrorKind } from './errors/error-kind.ts';

/**
 * Every failure the module reports. The key is the stable error id that scripts test
 * (`$_.FullyQualifiedErrorId`): never rename one, add a new one. Each source folder has its own part.
 */
export const errorCatalog = {
  ...protocolErrors,
  ...edgeErrors,
  ...settingsErrors,
  ...dnsErrors,
  ...dnsExchangeErrors,
  ...failoverErrors,
  ...healthErrors,
  ...aclErrors,
  ...contentErrors,
  ...iisErrors,
  ...historyErrors,
  ...setupErrors,
  ...taskErrors,
  ...reportErrors,
  ...windowsErrors,
  ...notifyErrors,
} as const;

export type ErrorId = keyof typeof errorCatalog;
