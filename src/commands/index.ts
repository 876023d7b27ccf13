import type { AnyCommand } from './definition.ts';
import { backupFailoverSite } from './backup-failover-site.ts';
import { compareFailoverSite } from './compare-failover-site.ts';
import { copyFailoverContent } from './copy-failover-content.ts';
import { exportFailoverCertificate } from './export-failover-certificate.ts';
import { exportFailoverReport } from './export-failover-report.ts';
import { getFailoverEvent } from './get-failover-event.ts';
import { getFailoverRestore } from './get-failover-restore.ts';
import { getFailoverSite } from './get-failover-site.ts';
import { getFailoverTask } from './get-failover-task.ts';
import { importFailoverCertificate } from './import-failover-certificate.ts';
import { initializeFailoverServer } from './initialize-failover-server.ts';
import { initializeFailoverZone } from './initialize-failover-zone.ts';
import { invokeFailoverMonitor } from './invoke-failover-monitor.ts';
import { newFailoverSetting } from './new-failover-setting.ts';
import { registerFailoverTask } from './register-failover-task.ts';
import { restoreFailoverSite } from './restore-failover-site.ts';
import { resumeFailoverSite } from './resume-failover-site.ts';
import { suspendFailoverSite } from './suspend-failover-site.ts';
import { switchFailoverSite } from './switch-failover-site.ts';
import { testFailoverLog } from './test-failover-log.ts';
import { testFailoverNotification } from './test-failover-notification.ts';
import { testFailoverReadiness } from './test-failover-readiness.ts';
import { testFailoverSetting } from './test-failover-setting.ts';
import { testFailoverSite } from './test-failover-site.ts';
import { testFailoverSwitch } from './test-failover-switch.ts';
import { undoFailoverRestore } from './undo-failover-restore.ts';
import { unregisterFailoverTask } from './unregister-failover-task.ts';

/** Every cmdlet of the module; the generator and the dispatcher know no other list. */
export const commands: readonly AnyCommand[] = [
  backupFailoverSite,
  compareFailoverSite,
  copyFailoverContent,
  exportFailoverCertificate,
  exportFailoverReport,
  getFailoverEvent,
  getFailoverRestore,
  getFailoverSite,
  getFailoverTask,
  importFailoverCertificate,
  initializeFailoverServer,
  initializeFailoverZone,
  invokeFailoverMonitor,
  newFailoverSetting,
  registerFailoverTask,
  restoreFailoverSite,
  resumeFailoverSite,
  suspendFailoverSite,
  switchFailoverSite,
  testFailoverLog,
  testFailoverNotification,
  testFailoverReadiness,
  testFailoverSetting,
  testFailoverSite,
  testFailoverSwitch,
  undoFailoverRestore,
  unregisterFailoverTask,
];
