import { parseXml } from './gate.ts';
import type { XmlDocument } from './scan.ts';

/**
 * What IIS takes where neither an element nor the server's defaults say anything: the default values of
 * IIS_schema.xml, in the form of the defaults elements. Left out are those that differ between IIS 7 and 10
 * (managedRuntimeVersion, identityType, loadUserProfile, logExtFileFlags, …).
 */
const texts: Readonly<Record<string, string>> = {
  siteDefaults: `<siteDefaults serverAutoStart="true">
    <limits maxBandwidth="4294967295" maxConnections="4294967295" connectionTimeout="00:02:00" maxUrlSegments="32" />
    <logFile logFormat="W3C" logTargetW3C="File" directory="%SystemDrive%\\inetpub\\logs\\LogFiles" period="Daily"
      truncateSize="20971520" localTimeRollover="false" enabled="true" />
    <traceFailedRequestsLogging enabled="false" maxLogFiles="50" customActionsEnabled="false" />
  </siteDefaults>`,
  applicationDefaults: `<applicationDefaults applicationPool="DefaultAppPool" enabledProtocols="http"
    serviceAutoStartEnabled="false" preloadEnabled="false" />`,
  virtualDirectoryDefaults: '<virtualDirectoryDefaults logonMethod="ClearText" allowSubDirConfig="true" />',
  applicationPoolDefaults: `<applicationPoolDefaults queueLength="1000" autoStart="true" startMode="OnDemand"
    enable32BitAppOnWin64="false" enableConfigurationOverride="true" managedPipelineMode="Integrated">
    <processModel idleTimeout="00:20:00" idleTimeoutAction="Terminate" maxProcesses="1" pingingEnabled="true"
      pingInterval="00:00:30" pingResponseTime="00:01:30" shutdownTimeLimit="00:01:30" startupTimeLimit="00:01:30" />
    <recycling disallowOverlappingRotation="false" disallowRotationOnConfigChange="false">
      <periodicRestart memory="0" privateMemory="0" requests="0" time="1.05:00:00" />
    </recycling>
    <failure loadBalancerCapabilities="HttpLevel" orphanWorkerProcess="false" rapidFailProtection="true"
      rapidFailProtectionInterval="00:05:00" rapidFailProtectionMaxCrashes="5" />
    <cpu limit="0" action="NoAction" resetInterval="00:05:00" smpAffinitized="false" />
  </applicationPoolDefaults>`,
};

/** The documents of these elements, by name. */
export const builtInDefaults: ReadonlyMap<string, XmlDocument> = new Map(
  Object.entries(texts).map(([name, text]) => [name, parseXml(text, name, 'Internal')]),
);
