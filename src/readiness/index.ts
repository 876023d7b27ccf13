/** Whether a failover would work now. */
export { checkAges, checkHeartbeat, describeAge, type SiteTimes } from './ages.ts';
export { checkConfiguration } from './configuration.ts';
export { checkPermission, checkRecords } from './dns.ts';
export {
  type CheckName,
  checkNames,
  type CheckResult,
  defaultLimits,
  type Outcome,
  type ReadinessLimits,
  result,
} from './result.ts';
export { checkClock, checkDiskSpace, checkTasks } from './server.ts';
