/** What a site has otherwise on the failover server than on its primary. */
export { compareSites, type SiteComparison } from './sites.ts';
export type { Difference, DifferenceKind } from './types.ts';
