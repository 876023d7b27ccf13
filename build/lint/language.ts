// What Windows PowerShell 5.1 has in its language, from about_Type_Accelerators, about_CommonParameters,
// about_Automatic_Variables and Get-Alias of 5.1.

/** Short names of types, in lower case, beyond those that `System.` before them explains. */
export const typeAccelerators: Readonly<Record<string, string>> = {
  adsi: 'System.DirectoryServices.DirectoryEntry',
  adsisearcher: 'System.DirectoryServices.DirectorySearcher',
  bigint: 'System.Numerics.BigInteger',
  bool: 'System.Boolean',
  ciminstance: 'Microsoft.Management.Infrastructure.CimInstance',
  cimsession: 'Microsoft.Management.Infrastructure.CimSession',
  cultureinfo: 'System.Globalization.CultureInfo',
  float: 'System.Single',
  hashtable: 'System.Collections.Hashtable',
  initialsessionstate: 'System.Management.Automation.Runspaces.InitialSessionState',
  int: 'System.Int32',
  ipaddress: 'System.Net.IPAddress',
  ipendpoint: 'System.Net.IPEndPoint',
  long: 'System.Int64',
  mailaddress: 'System.Net.Mail.MailAddress',
  ordered: 'System.Collections.Specialized.OrderedDictionary',
  physicaladdress: 'System.Net.NetworkInformation.PhysicalAddress',
  powershell: 'System.Management.Automation.PowerShell',
  psaliasproperty: 'System.Management.Automation.PSAliasProperty',
  pscredential: 'System.Management.Automation.PSCredential',
  pscustomobject: 'System.Management.Automation.PSObject',
  pslistmodifier: 'System.Management.Automation.PSListModifier',
  psmoduleinfo: 'System.Management.Automation.PSModuleInfo',
  psnoteproperty: 'System.Management.Automation.PSNoteProperty',
  psobject: 'System.Management.Automation.PSObject',
  psprimitivedictionary: 'System.Management.Automation.PSPrimitiveDictionary',
  psscriptmethod: 'System.Management.Automation.PSScriptMethod',
  psscriptproperty: 'System.Management.Automation.PSScriptProperty',
  pstypename: 'System.Management.Automation.PSTypeName',
  psvariable: 'System.Management.Automation.PSVariable',
  psvariableproperty: 'System.Management.Automation.PSVariableProperty',
  ref: 'System.Management.Automation.PSReference',
  regex: 'System.Text.RegularExpressions.Regex',
  runspace: 'System.Management.Automation.Runspaces.Runspace',
  runspacefactory: 'System.Management.Automation.Runspaces.RunspaceFactory',
  scriptblock: 'System.Management.Automation.ScriptBlock',
  securestring: 'System.Security.SecureString',
  switch: 'System.Management.Automation.SwitchParameter',
  wmi: 'System.Management.ManagementObject',
  wmiclass: 'System.Management.ManagementClass',
  wmisearcher: 'System.Management.ManagementObjectSearcher',
  x500distinguishedname: 'System.Security.Cryptography.X509Certificates.X500DistinguishedName',
  x509certificate: 'System.Security.Cryptography.X509Certificates.X509Certificate',
  xml: 'System.Xml.XmlDocument',
};

/** Attributes of System.Management.Automation that scripts name without namespace and `Attribute`, in lower case. */
export const attributeAccelerators: ReadonlySet<string> = new Set([
  ...['alias', 'allowemptycollection', 'allowemptystring', 'allownull', 'argumentcompleter', 'cmdletbinding'],
  ...['dscproperty', 'dscresource', 'outputtype', 'parameter', 'psdefaultvalue', 'supportswildcards'],
  ...['validatecount', 'validatedrive', 'validatelength', 'validatenotnull', 'validatenotnullorempty'],
  ...['validatepattern', 'validaterange', 'validatescript', 'validateset', 'validateuserdrive'],
]);

/** Members that PowerShell gives every object. */
export const everyonesMembers: ReadonlySet<string> = new Set([
  ...['count', 'foreach', 'length', 'psadapted', 'psbase', 'psextended', 'psobject', 'pstypenames', 'where'],
]);

export const commonParameters: readonly string[] = [
  ...['confirm', 'debug', 'erroraction', 'errorvariable', 'informationaction', 'informationvariable'],
  ...[
    'outbuffer',
    'outvariable',
    'pipelinevariable',
    'verbose',
    'warningaction',
    'warningvariable',
    'whatif',
  ],
];

/** Aliases of common parameters, and those of others that scripts use (New-Item -Type, -PSPath). */
export const parameterAliases: ReadonlySet<string> = new Set([
  'ea',
  'ev',
  'iv',
  'ov',
  'pspath',
  'pv',
  'type',
  'wa',
  'wv',
]);

/** Automatic variables that came after 5.1, in lower case. */
export const newerVariables: ReadonlySet<string> = new Set([
  ...['enabledexperimentalfeatures', 'iscoreclr', 'islinux', 'ismacos', 'iswindows'],
  ...['psnativecommandargumentpassing', 'psnativecommanduseerroractionpreference', 'psstyle'],
]);

/** What -Encoding takes, in lower case: each of FileSystemCmdletProviderEncoding and of Out-File's. */
export const encodings: ReadonlySet<string> = new Set([
  ...[
    'ascii',
    'bigendianunicode',
    'bigendianutf32',
    'byte',
    'default',
    'oem',
    'string',
    'unicode',
    'unknown',
  ],
  ...['utf32', 'utf7', 'utf8'],
]);
