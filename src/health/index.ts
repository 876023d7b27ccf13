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
export { probeVerified, type VerifiedProbe } from './verify.ts';
export {
  countSuccesses,
  decide,
  type Decision,
  type DecisionReason,
  type Role,
  type SiteSituation,
} from './decision.ts';
