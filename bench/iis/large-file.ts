/** An applicationHost.config of `count` sites, each with a pool and a location block; 10,001 of them make 25 MB. */
export function largeConfiguration(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<configuration>',
    '  <configSections>',
    '    <sectionGroup name="system.applicationHost">',
    '      <section name="applicationPools" allowDefinition="AppHostOnly" overrideModeDefault="Deny" />',
    '      <section name="sites" allowDefinition="AppHostOnly" overrideModeDefault="Deny" />',
    '    </sectionGroup>',
    '    <sectionGroup name="system.webServer">',
    '      <section name="defaultDocument" overrideModeDefault="Allow" />',
    '      <section name="handlers" overrideModeDefault="Deny" />',
    '      <section name="httpErrors" overrideModeDefault="Allow" />',
    '      <section name="staticContent" overrideModeDefault="Allow" />',
    '      <sectionGroup name="security">',
    '        <sectionGroup name="authentication">',
    '          <section name="anonymousAuthentication" overrideModeDefault="Deny" />',
    '        </sectionGroup>',
    '      </sectionGroup>',
    '    </sectionGroup>',
    '  </configSections>',
    '  <system.applicationHost>',
    '    <applicationPools>',
    ...numbers.map(pool),
    '      <applicationPoolDefaults managedRuntimeVersion="v4.0" />',
    '    </applicationPools>',
    '    <sites>',
    '      <siteDefaults><logFile logFormat="W3C" directory="%SystemDrive%\\inetpub\\logs\\LogFiles" /></siteDefaults>',
    '      <applicationDefaults applicationPool="DefaultAppPool" />',
    ...numbers.map(site),
    '    </sites>',
    '  </system.applicationHost>',
    ...numbers.map(location),
    '</configuration>',
    '',
  ].join('\r\n');
}

function pool(n: number): string {
  return `      <add name="site${n}.example" managedPipelineMode="Integrated"><processModel identityType="ApplicationPoolIdentity" idleTimeout="00:20:00" /><recycling><periodicRestart time="1.05:00:00" /></recycling></add>`;
}

function site(n: number): string {
  const root = `D:\\hosted\\site${n}.example`;
  const directories = ['images', 'scripts', 'download'].map(
    (name) => `          <virtualDirectory path="/${name}" physicalPath="${root}\\${name}" />`,
  );
  return [
    `      <site name="site${n}.example" id="${n}" serverAutoStart="true">`,
    '        <application path="/" applicationPool="site' + n + '.example">',
    `          <virtualDirectory path="/" physicalPath="${root}\\wwwroot" />`,
    ...directories,
    '        </application>',
    `        <application path="/admin" applicationPool="site${n}.example">`,
    `          <virtualDirectory path="/" physicalPath="${root}\\admin" />`,
    '        </application>',
    '        <bindings>',
    `          <binding protocol="http" bindingInformation="10.1.1.1:80:site${n}.example" />`,
    `          <binding protocol="http" bindingInformation="10.1.1.1:80:www.site${n}.example" />`,
    `          <binding protocol="https" bindingInformation="10.1.1.1:443:site${n}.example" sslFlags="1" />`,
    '        </bindings>',
    '        <limits connectionTimeout="00:02:00" maxConnections="5000" />',
    `        <logFile directory="${root}\\logs" period="Daily" localTimeRollover="true" />`,
    `        <traceFailedRequestsLogging enabled="false" directory="${root}\\failed" maxLogFiles="50" />`,
    '      </site>',
  ].join('\r\n');
}

function location(n: number): string {
  return [
    `  <location path="site${n}.example" overrideMode="Allow">`,
    '    <system.webServer>',
    '      <defaultDocument enabled="true"><files><clear /><add value="default.htm" /><add value="index.html" /></files></defaultDocument>',
    '      <httpErrors errorMode="Custom"><remove statusCode="404" /><error statusCode="404" path="/errors/404.htm" responseMode="ExecuteURL" /></httpErrors>',
    '      <staticContent><mimeMap fileExtension=".woff2" mimeType="font/woff2" /></staticContent>',
    '      <handlers accessPolicy="Read, Script"><remove name="OPTIONSVerbHandler" /><add name="aspq-site" path="*.aspq" verb="GET,HEAD,POST,DEBUG" type="System.Web.HttpForbiddenHandler" resourceType="Unspecified" preCondition="integratedMode" /></handlers>',
    '      <security><authentication><anonymousAuthentication enabled="true" userName="IUSR" /></authentication></security>',
    '    </system.webServer>',
    '  </location>',
  ].join('\r\n');
}
