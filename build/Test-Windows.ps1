<#
.SYNOPSIS
    Runs the steps of docs/windows-checklist.md that need no second server, and writes a report.
.DESCRIPTION
    Works in a new folder below the temporary one and on a copy of applicationHost.config. It changes no site, no DNS
    record and no setting of this server. Run it elevated, in Windows PowerShell 5.1 and in PowerShell 7.
.PARAMETER Report
    The report, as JSON. Default: windows-report.json in the current folder.
.EXAMPLE
    powershell -NoProfile -ExecutionPolicy RemoteSigned -File build\Test-Windows.ps1
#>
[CmdletBinding()]
param([string] $Report = 'windows-report.json')

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$module = Join-Path (Split-Path $PSScriptRoot) 'module\IisFailover.psd1'
$configuration = Join-Path $env:SystemRoot 'System32\inetsrv\config\applicationHost.config'
$work = Join-Path ([System.IO.Path]::GetTempPath()) ('iisfailover-' + [System.Guid]::NewGuid())
$results = New-Object System.Collections.ArrayList

function Test-Step {
    param([int] $Number, [string] $Expectation, [scriptblock] $Action)
    $detail = ''
    try {
        $passed = [bool] (& $Action)
    }
    catch {
        $passed = $false
        $detail = [string] $_
    }
    [void] $results.Add([pscustomobject] @{ Step = $Number; Passed = $passed; Expectation = $Expectation; Detail = $detail })
}

function Get-ErrorId {
    param([scriptblock] $Action)
    try { & $Action | Out-Null; '' } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
}

New-Item -ItemType Directory -Path $work | Out-Null
try {
    $copy = Join-Path $work 'copy.config'
    $backup = Join-Path $work 'backup'
    $missing = Join-Path $work 'missing.json'
    # Named on each call: the server may have a default settings file.
    $settings = Join-Path $work 'failover.json'
    @{
        servers = @(
            @{ name = 'PRIMARY'; role = 'primary'; addresses = @('127.0.0.1') }
            @{ name = 'FAILOVER'; role = 'failover'; addresses = @('127.0.0.2') }
        )
        sites   = @(@{ name = 'example'; hostNames = @('example') })
    } | ConvertTo-Json -Depth 5 | Set-Content -Path $settings -Encoding UTF8
    $password = ConvertTo-SecureString ([System.Guid]::NewGuid().ToString()) -AsPlainText -Force

    Test-Step 1 'Import-Module exports the cmdlets of the manifest' {
        Import-Module $module
        $exported = (Import-PowerShellDataFile $module).FunctionsToExport
        $exported.Count -gt 0 -and @(Get-Command -Module IisFailover).Count -eq $exported.Count
    }
    Test-Step 2 'The module loads under strict mode' { $null -ne (Get-Module IisFailover) }
    Test-Step 3 'The manifest is valid' { $null -ne (Test-ModuleManifest $module) }
    Test-Step 4 'Help has examples' { @((Get-Help Backup-FailoverSite -Full).examples.example).Count -ge 2 }
    Test-Step 5 'UTF-8 console input does no harm' {
        $before = [Console]::InputEncoding
        try {
            [Console]::InputEncoding = [System.Text.Encoding]::UTF8
            Remove-Module IisFailover
            Import-Module $module
            (Get-ErrorId { Test-FailoverSetting -SettingsPath $missing }) -eq 'SettingsNotFound'
        }
        finally { [Console]::InputEncoding = $before }
    }
    Test-Step 8 'Every site of this server is backed up' {
        $sites = ([xml] [System.IO.File]::ReadAllText($configuration)).configuration.'system.applicationHost'.sites.site
        @(Backup-FailoverSite * -Destination $backup -Password $password -SettingsPath $settings).Count -eq @($sites).Count
    }
    Test-Step 10 'A restore of this server into itself changes nothing' {
        Copy-Item $configuration $copy
        $before = (Get-FileHash $copy).Hash
        $actions = @(Restore-FailoverSite -Source $backup -ConfigurationFile $copy -Password $password -SettingsPath $settings |
                Where-Object { $_.Action -ne 'None' })
        $actions.Count -eq 0 -and (Get-FileHash $copy).Hash -eq $before
    }
    Test-Step 18 'A probe returns an object' {
        $probe = @(Test-FailoverSite example -Address 127.0.0.1 -SettingsPath $settings)
        $probe.Count -eq 1 -and ($probe[0].Healthy -or $null -ne $probe[0].Error)
    }
}
finally {
    Remove-Module IisFailover -ErrorAction SilentlyContinue
    Remove-Item $work -Recurse -Force -ErrorAction SilentlyContinue
}

@{
    PowerShell = $PSVersionTable.PSVersion.ToString()
    Edition    = $PSVersionTable.PSEdition
    Windows    = [System.Environment]::OSVersion.VersionString
    Time       = [System.DateTime]::UtcNow.ToString('o')
    Results    = $results
} | ConvertTo-Json -Depth 5 | Set-Content -Path $Report -Encoding UTF8
$results | Format-Table Step, Passed, Expectation, Detail -AutoSize
exit @($results | Where-Object { -not $_.Passed }).Count
