export {
  checkUrl,
  type HealthCheck,
  healthCheckOf,
  statusMatches,
  type Verification,
} from './health-check.ts';
export {
  combineHealth,
  type FailureKind,
  type Health,
  healthOf,
  type Prober,
  type ProbeResult,
} from './probe-result.ts';
export { HttpProber } from './http-prober.ts';
export { siteProber } from './site-prober.ts';
export { TcpProber } from './tcp-prober.ts';
export { probeVerified, type VerifiedProbe } from './verify.ts';
export {
  decide,
  type Decision,
  type Contender,
  type Forced,
  type Suspension,
  type DecisionReason,
  type Role,
  type SiteSituation,
  type SwitchPolicy,
} from './decision.ts';
export { type FailbackWindow, isWindowOpen } from './failback-window.ts';
export { afterFailover, calm, type FlapHistory, type FlapPolicy, isLockedOut } from './flapping.ts';
export {
  isSuspect,
  nextHealth,
  type ServerHealth,
  serves,
  type Thresholds,
  unknownHealth,
} from './state-machine.ts';
export { type Reach, reachable } from './reachable.ts';
export { type Hold, holdConnection } from './held-connection.ts';
