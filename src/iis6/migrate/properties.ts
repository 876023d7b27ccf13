import { type Convert, flag, minutes, seconds, text, whole } from './values.ts';

/**
 * Properties of a directory that are one attribute in IIS 7, below `<location>`; the path ends in the attribute.
 * https://learn.microsoft.com/previous-versions/iis/settings-schema/aa347565(v=vs.90)
 */
export const directoryProperties: Readonly<Record<string, readonly [path: string, convert: Convert]>> = {
  AllowKeepAlive: ['system.webServer/httpProtocol/@allowKeepAlive', flag],
  AppAllowClientDebug: ['system.webServer/asp/@appAllowClientDebug', flag],
  AppAllowDebugging: ['system.webServer/asp/@appAllowDebugging', flag],
  AspAllowSessionState: ['system.webServer/asp/session/@allowSessionState', flag],
  AspBufferingLimit: ['system.webServer/asp/limits/@bufferingLimit', whole()],
  AspBufferingOn: ['system.webServer/asp/@bufferingOn', flag],
  AspCalcLineNumber: ['system.webServer/asp/@calcLineNumber', flag],
  AspCodepage: ['system.webServer/asp/@codePage', whole()],
  AspEnableApplicationRestart: ['system.webServer/asp/@enableApplicationRestart', flag],
  AspEnableAspHtmlFallback: ['system.webServer/asp/@enableAspHtmlFallback', flag],
  AspEnableChunkedEncoding: ['system.webServer/asp/@enableChunkedEncoding', flag],
  AspEnableParentPaths: ['system.webServer/asp/@enableParentPaths', flag],
  AspErrorsToNTLog: ['system.webServer/asp/@errorsToNTLog', flag],
  AspExceptionCatchEnable: ['system.webServer/asp/@exceptionCatchEnable', flag],
  AspLCID: ['system.webServer/asp/@lcid', whole()],
  AspLogErrorRequests: ['system.webServer/asp/@logErrorRequests', flag],
  AspMaxRequestEntityAllowed: ['system.webServer/asp/limits/@maxRequestEntityAllowed', whole()],
  AspProcessorThreadMax: ['system.webServer/asp/limits/@processorThreadMax', whole()],
  AspQueueConnectionTestTime: ['system.webServer/asp/limits/@queueConnectionTestTime', seconds(1)],
  AspRequestQueueMax: ['system.webServer/asp/limits/@requestQueueMax', whole()],
  AspRunOnEndAnonymously: ['system.webServer/asp/@runOnEndAnonymously', flag],
  AspScriptErrorMessage: ['system.webServer/asp/@scriptErrorMessage', text],
  AspScriptErrorSentToBrowser: ['system.webServer/asp/@scriptErrorSentToBrowser', flag],
  AspScriptLanguage: ['system.webServer/asp/@scriptLanguage', text],
  AspScriptTimeout: ['system.webServer/asp/limits/@scriptTimeout', seconds()],
  AspSessionMax: ['system.webServer/asp/session/@max', whole(0, 0xffff_ffff)],
  AspSessionTimeout: ['system.webServer/asp/session/@timeout', minutes(0, 525_600)],
  CGITimeout: ['system.webServer/cgi/@timeout', seconds(1)],
  CreateCGIWithNewConsole: ['system.webServer/cgi/@createCGIWithNewConsole', flag],
  CreateProcessAsUser: ['system.webServer/cgi/@createProcessAsUser', flag],
  DefaultDocFooter: ['system.webServer/staticContent/@defaultDocFooter', text],
  DontLog: ['system.webServer/httpLogging/@dontLog', flag],
  DoDynamicCompression: ['system.webServer/urlCompression/@doDynamicCompression', flag],
  DoStaticCompression: ['system.webServer/urlCompression/@doStaticCompression', flag],
  EnableDocFooter: ['system.webServer/staticContent/@enableDocFooter', flag],
  UploadReadAheadSize: ['system.webServer/serverRuntime/@uploadReadAheadSize', whole()],
};

/**
 * What Windows Server 2003 itself sets for W3SVC. Where an administrator set another value there, the site depends on
 * it, and it is written for the site.
 */
export const stockOfService: Readonly<Record<string, string>> = {
  AspAllowSessionState: 'TRUE',
  AspBufferingLimit: '4194304',
  AspBufferingOn: 'TRUE',
  AspCodepage: '0',
  AspEnableParentPaths: 'FALSE',
  AspErrorsToNTLog: 'FALSE',
  AspMaxRequestEntityAllowed: '204800',
  AspProcessorThreadMax: '25',
  AspRequestQueueMax: '3000',
  AspScriptErrorSentToBrowser: 'TRUE',
  AspScriptLanguage: 'VBScript',
  AspScriptTimeout: '90',
  AspSessionMax: '4294967295',
  AspSessionTimeout: '20',
  CGITimeout: '300',
};

/** Properties that other modules translate, or that say nothing about how a site is served. */
export const handledProperties: ReadonlySet<string> = new Set([
  ...['AccessFlags', 'AccessSSLFlags', 'AnonymousUserName', 'AnonymousUserPass', 'AuthFlags', 'DefaultDoc'],
  ...[
    'CacheControlCustom',
    'CacheControlMaxAge',
    'CacheControlNoCache',
    'DefaultLogonDomain',
    'DirBrowseFlags',
  ],
  ...['HttpCustomHeaders', 'HttpErrors', 'HttpExpires', 'HttpRedirect', 'LogonMethod', 'MimeMap'],
  ...['NTAuthenticationProviders', 'Realm', 'ScriptMaps'],
  ...['AppPoolId', 'AppRoot', 'Path', 'UNCPassword', 'UNCUserName'],
  ...[
    'ConnectionTimeout',
    'MaxBandwidth',
    'MaxConnections',
    'SecureBindings',
    'ServerAutoStart',
    'ServerBindings',
  ],
  ...['ServerComment', 'SSLCertHash', 'SSLStoreName'],
  ...[
    'LogExtFileFlags',
    'LogFileDirectory',
    'LogFileLocaltimeRollover',
    'LogFilePeriod',
    'LogFileTruncateSize',
  ],
  ...['LogPluginClsid', 'LogType'],
  // No setting of IIS 7 stands for these, and none is needed.
  ...[
    'AdminServer',
    'AnonymousPasswordSync',
    'AppFriendlyName',
    'AppIsolated',
    'AppOopRecoverLimit',
    'AppPackageID',
  ],
  ...[
    'AppPackageName',
    'AppWamClsid',
    'AspEnableTypelibCache',
    'AspTrackThreadingModel',
    'ContentIndexed',
    'DownlevelAdminInstance',
  ],
  ...['FrontPageWeb', 'KeyType', 'ServerSize', 'ServerState', 'SslUseDsMapper', 'Win32Error'],
]);

/** What an administrator should know of properties that IIS 7 has no like of, or keeps elsewhere. */
export const advice: Readonly<Record<string, string>> = {
  IPSecurity: 'Addresses that are allowed or denied are binary in the metabase: enter them in ipSecurity',
  LogOdbcDataSource: 'Logging to a database is set up anew in odbcLogging',
  LogOdbcTableName: 'Logging to a database is set up anew in odbcLogging',
  LogOdbcUserName: 'Logging to a database is set up anew in odbcLogging',
  SslCtlIdentifier: 'Certificate trust lists belong to the binding: set them with netsh http add sslcert',
  SslCtlStoreName: 'Certificate trust lists belong to the binding: set them with netsh http add sslcert',
  FilterLoadOrder: 'ISAPI filters are added in isapiFilters, once their DLLs are on this server',
  HttpPics: 'Content ratings are custom headers in IIS 7',
  AspAppServiceFlags: 'COM+ services of ASP are set in asp/comPlus',
  AspSxsName: 'COM+ services of ASP are set in asp/comPlus',
  AspPartitionID: 'COM+ services of ASP are set in asp/comPlus',
  LogInUTF8: 'IIS 7 sets the encoding of logs for the whole server, in log/@logInUTF8',
};
