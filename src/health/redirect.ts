import type { HealthCheck } from './health-check.ts';
import { ProbeFailure } from './probe-failure.ts';

/**
 * Where a followed redirect leads to. Only within the site, with or without www, and not from https to http: the
 * address is the site's, and so are the credentials.
 */
export function redirectTarget(
  from: URL,
  location: string,
  followed: number,
  { redirects = 0 }: Pick<HealthCheck, 'redirects'>,
): URL | ProbeFailure {
  if (followed >= redirects)
    return new ProbeFailure(
      'status',
      `The answer redirects more than ${redirects} times, at last to ${location}`,
    );
  if (!URL.canParse(location, from.href))
    return new ProbeFailure('protocol', `The answer redirects to ${location}, which is not a URL`);
  const to = new URL(location, from.href);
  const downgrade = from.protocol === 'https:' && to.protocol !== 'https:';
  if (!['http:', 'https:'].includes(to.protocol) || downgrade || siteOf(to) !== siteOf(from))
    return new ProbeFailure('status', `The answer redirects to ${to.origin}, out of the site`);
  return to;
}

function siteOf({ hostname }: URL): string {
  return hostname.replace(/^www\./, '');
}
