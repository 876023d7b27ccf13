# Steps of the module itself, of probes and of notifications.

Add-Step 1 'Import-Module exports the cmdlets of the manifest' {
    $exported = @((Get-Module IisFailover).ExportedFunctions.Keys).Count
    $named = [regex]::Matches([System.IO.File]::ReadAllText($module), "(?m)^\s+'\w+-Failover\w+'\r?$").Count
    Assert-Step ($exported -gt 0 -and $exported -eq $named) "$exported exported, $named in the manifest"
}

Add-Step 2 'The module loads under strict mode' {
    Set-StrictMode -Version Latest
    Remove-Module IisFailover
    Import-Module $module
    Assert-Step ($null -ne (Get-Module IisFailover)) 'loaded'
}

Add-Step 3 'The manifest is valid' {
    Assert-Command Test-ModuleManifest
    [string] (Test-ModuleManifest $module).Version
}

Add-Step 4 'Help has parameters and examples' {
    $help = Get-Help Backup-FailoverSite -Full
    $seen = "$(@($help.examples.example).Count) examples, $(@($help.parameters.parameter).Count) parameters"
    Assert-Step (@($help.examples.example).Count -ge 2 -and @($help.parameters.parameter).Count -ge 4) $seen
}

Add-Step 5 'UTF-8 console input does no harm' {
    $before = [System.Console]::InputEncoding
    try {
        [System.Console]::InputEncoding = [System.Text.Encoding]::UTF8
        Remove-Module IisFailover
        Import-Module $module
        $id = Get-ErrorId { Test-FailoverSetting -SettingsPath (Join-Path $work 'missing.json') }
        Assert-Step ($id -eq 'SettingsNotFound') $id
    }
    finally { [System.Console]::InputEncoding = $before }
}

Add-Step 18 'A probe returns an object' {
    $probe = @(Test-FailoverSite example -Address 127.0.0.1 -SettingsPath (New-Lab).Settings)
    Assert-Step ($probe.Count -eq 1 -and ($probe[0].Healthy -or $null -ne $probe[0].Error)) "Healthy $($probe[0].Healthy), $($probe[0].Error)"
}

Add-Step 24 'The module is not signed, or its signature is valid' {
    Assert-Command Get-AuthenticodeSignature
    $status = [string] (Get-AuthenticodeSignature ([System.IO.Path]::ChangeExtension($module, '.psm1'))).Status
    Assert-Step ('NotSigned', 'Valid' -contains $status) $status
}

Add-Step 70 'A script is told, in JSON, what no code page has' {
    $lab = New-Lab
    $message = 'sch' + [char] 0xf6 + 'n ' + [char] 0x3042
    $told = Join-Path (Split-Path $lab.Settings) 'told.json'
    [System.IO.File]::WriteAllText($lab.Settings, [System.IO.File]::ReadAllText($lab.Settings).Replace('told.json', $told.Replace('\', '\\')))
    $channel = @(Test-FailoverNotification -Message $message -SettingsPath $lab.Settings)
    if (-not $channel[0].Delivered) { throw [string] $channel[0].Error }
    if (-not [System.IO.File]::Exists($told)) { throw 'PowerShell ended well, and the script left no file' }
    $found = [regex]::Unescape([System.IO.File]::ReadAllText($told))
    Assert-Step ($found.Contains($message)) $found
}
