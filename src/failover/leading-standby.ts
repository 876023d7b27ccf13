import type { Health } from '../health/index.ts';

/**
 * The failover server that stands for all of a site where there is room for one: the one that serves the site, else
 * the first that could, else the first that is not known to be down, else the first.
 * @param server name of the server that the site's records point to
 */
export function leadingStandby<T extends { readonly server: string; readonly state: Health }>(
  standbys: readonly T[],
  server: string | undefined,
): T {
  const first = (...states: Health[]): T | undefined => standbys.find(({ state }) => states.includes(state));
  const serving = standbys.find((one) => one.server === server);
  return serving ?? first('up', 'degraded') ?? first('unknown') ?? standbys[0]!;
}
