# What the steps of Test-Windows.ps1 work on: a primary and a standby with one site, below the folder of the run.

$labConfiguration = @'
<?xml version="1.0" encoding="UTF-8"?>
<configuration>
    <system.applicationHost>
        <applicationPools>
            <add name="DefaultAppPool" />
        </applicationPools>
        <sites>
            <site name="own" id="9">
                <application path="/"><virtualDirectory path="/" physicalPath="C:\own" /></application>
                <bindings><binding protocol="http" bindingInformation="*:8099:own" /></bindings>
            </site>{0}
        </sites>
    </system.applicationHost>
</configuration>
'@
$labSite = @'

            <site name="example" id="2">
                <application path="/"><virtualDirectory path="/" physicalPath="{0}" /></application>
                <bindings><binding protocol="http" bindingInformation="*:80:example" /></bindings>
            </site>
'@

# Settings that name no configuration file; named on each call, for the server may have a default settings file.
function New-Setting {
    $path = Join-Path $work ([string] [System.Guid]::NewGuid() + '.json')
    [System.IO.File]::WriteAllText($path, @'
{
  "servers": [
    { "name": "PRIMARY", "role": "primary", "addresses": ["127.0.0.1"] },
    { "name": "FAILOVER", "role": "failover", "addresses": ["127.0.0.2"] }
  ],
  "sites": [{ "name": "example", "hostNames": ["example"] }]
}
'@)
    $path
}

# Makes the servers of a step, backs the site up, and gives their paths.
function New-Lab([string] $PhysicalPath = 'C:\web\example') {
    $folder = Join-Path $work ([System.Guid]::NewGuid().ToString())
    $lab = @{
        Settings = Join-Path $folder 'failover.json'
        Primary  = Join-Path $folder 'primary.config'
        Standby  = Join-Path $folder 'standby.config'
        Content  = [System.IO.Path]::Combine($folder, 'primary', 'C', 'web', 'example')
        Copy     = [System.IO.Path]::Combine($folder, 'standby', 'C', 'web', 'example')
        State    = Join-Path $folder 'state'
    }
    [void] [System.IO.Directory]::CreateDirectory($lab.Content)
    [void] [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($folder, 'standby', 'C'))
    [System.IO.File]::WriteAllText($lab.Primary, ($labConfiguration -f ($labSite -f $PhysicalPath)))
    [System.IO.File]::WriteAllText($lab.Standby, ($labConfiguration -f ''))
    [System.IO.File]::WriteAllText((Join-Path $lab.Content 'default.htm'), 'first')
    [System.IO.File]::WriteAllText((Join-Path $folder 'password.txt'), [System.Guid]::NewGuid().ToString())
    [System.IO.File]::WriteAllText($lab.Settings, @'
{
  "servers": [
    { "name": "PRIMARY", "role": "primary", "addresses": ["127.0.0.1"] },
    { "name": "FAILOVER", "role": "failover", "addresses": ["127.0.0.2"] }
  ],
  "sites": [{ "name": "example", "hostNames": ["example"] }],
  "configurationFile": "./standby.config",
  "backup": { "folder": "./backup", "password": { "file": "password.txt" } },
  "content": { "server": "./primary", "destinationDrive": "./standby/C" },
  "monitor": { "notify": { "scripts": [{ "block": "param($Json) [System.IO.File]::WriteAllText('told.json', $Json)" }] } },
  "stateFolder": "./state"
}
'@)
    [void] (Backup-FailoverSite -ConfigurationFile $lab.Primary -SettingsPath $lab.Settings -WarningAction SilentlyContinue)
    $lab
}

function Restore-Lab([hashtable] $Lab) {
    Restore-FailoverSite -SettingsPath $Lab.Settings -Confirm:$false -WarningAction SilentlyContinue
}

function Copy-Lab([hashtable] $Lab) {
    Copy-FailoverContent -SettingsPath $Lab.Settings -NoAcl -Confirm:$false -WarningAction SilentlyContinue
}

# What an administrator does in IIS Manager.
function Edit-Standby([hashtable] $Lab, [string] $From, [string] $To) {
    [System.IO.File]::WriteAllText($Lab.Standby, [System.IO.File]::ReadAllText($Lab.Standby).Replace($From, $To))
}

# Runs an action while a handle to the file lets others read it ('Read') or not even that ('None').
function Use-HeldFile([string] $Path, [string] $Share, [scriptblock] $Action) {
    $handle = [System.IO.File]::Open($Path, 'Open', 'Read', $Share)
    try { & $Action } finally { $handle.Dispose() }
}
