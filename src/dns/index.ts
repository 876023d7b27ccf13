/** DNS: record sets, plans of a switch, and the providers that read and change zones. */
export { routeByZone, type ZoneRoute } from './by-zone.ts';
export {
  describeChanges,
  mergeZoneChanges,
  type RecordSetChange,
  type RecordSetGuard,
  type ZoneChange,
} from './change.ts';
export { limitChanges } from './change-limit.ts';
export { describeRecovery, expectedRecovery, type ExpectedRecovery } from './recovery.ts';
export { isWithin, longestZone, normaliseName } from './names.ts';
export { planMove } from './move-plan.ts';
export { planSwitch, namesToRead } from './plan.ts';
export type { SwitchOptions, SwitchPlan, SwitchRequest } from './plan-types.ts';
export {
  type DnsProvider,
  partialError,
  type ReadBack,
  type ReadBackOptions,
  type ServerReadBack,
} from './provider.ts';
export { describeRecordSet, findRecordSet, recordSet, type RecordSet } from './record-set.ts';
export { checkKeytab } from './gss/keytab.ts';
export type { GssOptions } from './gss/session.ts';
export { transferZone } from './client.ts';
export { createPowerDnsProvider, type PowerDnsOptions } from './powerdns.ts';
export { createRfc2136Provider, type Rfc2136Options } from './rfc2136.ts';
export { describeServer, type DnsServer } from './server.ts';
export { parseTsigKey, type TsigAlgorithm, tsigAlgorithms, type TsigKey } from './tsig-key.ts';
export { namesOfZone, planZoneSettings, type ZoneSettings } from './zone-settings.ts';
export { whereItPoints } from './where-it-points.ts';
export {
  describeZone,
  type DnsView,
  inView,
  namingView,
  viewPart,
  type ZoneInView,
  zoneKey,
  zonesOf,
} from './views.ts';
export { createWindowsDnsProvider, type WindowsDnsOptions } from './windows.ts';
export { changesByZone, ZoneMessages, zoneMessages } from './zone-messages.ts';
