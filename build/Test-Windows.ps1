<#
.SYNOPSIS
    Runs the steps of docs/windows-checklist.md that are marked (script), and writes a report.
.DESCRIPTION
    Works in a new folder below the temporary one, on copies of configuration files. It changes no site, no DNS record
    and no setting of this server. A step passes, fails, or is skipped where this machine lacks what it needs; its
    evidence says what was seen. The exit code is the number of steps that failed. Run it elevated, in Windows
    PowerShell 5.1 and in PowerShell 7.
.PARAMETER Report
    The report, as JSON; the same as text goes beside it. Default: windows-report.json in the current folder.
.PARAMETER Only
    Numbers of the steps to run. Default: all.
.PARAMETER List
    Lists the steps and runs none.
.EXAMPLE
    powershell -NoProfile -ExecutionPolicy RemoteSigned -File build\Test-Windows.ps1
.EXAMPLE
    powershell -NoProfile -ExecutionPolicy RemoteSigned -File build\Test-Windows.ps1 -Only 42,43 -Report undo.json
#>
[CmdletBinding()]
param([string] $Report = 'windows-report.json', [string[]] $Only = @(), [switch] $List)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$module = [System.IO.Path]::Combine((Split-Path $PSScriptRoot), 'module', 'IisFailover.psd1')
$configuration = [System.IO.Path]::Combine([string] $env:SystemRoot, 'System32\inetsrv\config\applicationHost.config')
$steps = [System.Collections.ArrayList]::new()

# A step writes its evidence; it fails where it throws, and is skipped where it calls Skip-Step.
function Add-Step([int] $Id, [string] $Expectation, [scriptblock] $Action) {
    [void] $steps.Add([pscustomobject] @{ Id = $Id; Expectation = $Expectation; Action = $Action })
}
function Skip-Step([string] $Reason) { throw "SKIPPED: $Reason" }
function Assert-Step([bool] $Condition, [string] $Seen) { if ($Condition) { $Seen } else { throw $Seen } }
function Assert-Command([string[]] $Name) {
    foreach ($one in $Name) { if ($null -eq (Get-Command $one -ErrorAction SilentlyContinue)) { Skip-Step "$one is not here" } }
}
function Get-ErrorId([scriptblock] $Action) {
    try { & $Action | Out-Null; 'none' } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
}
function Get-Sha256([string] $Path) {
    $algorithm = [System.Security.Cryptography.SHA256]::Create()
    [System.BitConverter]::ToString($algorithm.ComputeHash([System.IO.File]::ReadAllBytes($Path)))
}

foreach ($part in 'Lab', 'Module', 'Configuration', 'Content') {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'windows-steps', "$part.ps1"))
}

$wanted = @($Only | ForEach-Object { $_.Split(',') } | ForEach-Object { [int] $_ })
$unknown = @($wanted | Where-Object { @($steps | ForEach-Object { $_.Id }) -notcontains $_ })
if ($unknown.Count -gt 0) { throw "No step of the script has the number $($unknown -join ', '); -List names them." }
$chosen = @($steps | Where-Object { $wanted.Count -eq 0 -or $wanted -contains $_.Id } | Sort-Object Id)
if ($List) {
    foreach ($step in $chosen) { "$($step.Id) $($step.Expectation)" }
    return
}

# Engines without Microsoft.PowerShell.Utility have no ConvertTo-Json.
function ConvertTo-JsonText([string] $Text) {
    $escaped = foreach ($c in $Text.ToCharArray()) {
        if ([int] $c -lt 32 -or [int] $c -gt 126 -or $c -eq '"' -or $c -eq '\') { '\u{0:x4}' -f [int] $c } else { [string] $c }
    }
    '"' + ($escaped -join '') + '"'
}

# A report that is read while it is written is the one before.
function Write-Report([string] $Path, [string[]] $Line) {
    $fresh = "$Path.$([System.Guid]::NewGuid()).tmp"
    [System.IO.File]::WriteAllText($fresh, ($Line -join "`r`n") + "`r`n")
    if ([System.IO.File]::Exists($Path)) { [System.IO.File]::Replace($fresh, $Path, [System.Management.Automation.Language.NullString]::Value) }
    else { [System.IO.File]::Move($fresh, $Path) }
}

$results = [System.Collections.ArrayList]::new()
$work = Join-Path ([System.IO.Path]::GetTempPath()) ('iisfailover-' + [System.Guid]::NewGuid())
[void] [System.IO.Directory]::CreateDirectory($work)
try {
    Import-Module $module
    foreach ($step in $chosen) {
        $outcome = 'Passed'
        $evidence = [System.Collections.ArrayList]::new()
        try { & $step.Action | ForEach-Object { [void] $evidence.Add([string] $_) } }
        catch {
            $outcome = if ($_.Exception.Message.StartsWith('SKIPPED: ')) { 'Skipped' } else { 'Failed' }
            [void] $evidence.Add($_.Exception.Message.Replace('SKIPPED: ', ''))
        }
        [void] $results.Add([pscustomobject] @{
                Step = $step.Id; Outcome = $outcome; Expectation = $step.Expectation; Evidence = (($evidence -join '; ') -replace '\s+', ' ')
            })
    }
}
finally {
    Remove-Module IisFailover -ErrorAction SilentlyContinue
    if ([System.IO.Directory]::Exists($work)) { Remove-Item $work -Recurse -Force -ErrorAction SilentlyContinue }
}

$facts = @(
    @('PowerShell', $PSVersionTable.PSVersion.ToString()), @('Edition', [string] $PSVersionTable.PSEdition),
    @('Windows', [System.Environment]::OSVersion.VersionString), @('Time', [System.DateTime]::UtcNow.ToString('o'))
)
$text = @($results | ForEach-Object { "$($_.Outcome.PadRight(8)) $($_.Step) $($_.Expectation): $($_.Evidence)" })
$json = @($results | ForEach-Object {
        $fields = "`"Outcome`": $(ConvertTo-JsonText $_.Outcome), `"Expectation`": $(ConvertTo-JsonText $_.Expectation)"
        "    { `"Step`": $($_.Step), $fields, `"Evidence`": $(ConvertTo-JsonText $_.Evidence) }"
    })
$head = @($facts | ForEach-Object { "  `"$($_[0])`": $(ConvertTo-JsonText $_[1])," })
$path = [System.IO.Path]::Combine((Get-Location).ProviderPath, $Report)
Write-Report $path (@('{') + $head + @('  "Results": [', ($json -join ",`r`n"), '  ]', '}'))
Write-Report ([System.IO.Path]::ChangeExtension($path, '.txt')) (@($facts | ForEach-Object { "$($_[0]): $($_[1])" }) + $text)
$text
exit @($results | Where-Object { $_.Outcome -eq 'Failed' }).Count
