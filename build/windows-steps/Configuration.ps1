# Steps of configuration files: backup, restore, comparison and undo, on copies.

function Get-SiteCount {
    $xml = [xml] [System.IO.File]::ReadAllText($configuration)
    @($xml.configuration.'system.applicationHost'.sites.site).Count
}

function Assert-Iis { if (-not [System.IO.File]::Exists($configuration)) { Skip-Step "IIS is not here: no $configuration" } }

Add-Step 8 'Every site of this server is backed up' {
    Assert-Iis
    $password = ConvertTo-SecureString ([System.Guid]::NewGuid().ToString()) -AsPlainText -Force
    $call = @{ Destination = Join-Path $work 'own'; Password = $password; SettingsPath = New-Setting }
    $found = @(Backup-FailoverSite * @call).Count
    Assert-Step ($found -eq (Get-SiteCount)) "$found backed up of $(Get-SiteCount)"
}

Add-Step 9 'A 32-bit Windows PowerShell reads the same file' {
    Assert-Iis
    $shell = [System.IO.Path]::Combine($env:SystemRoot, 'SysWOW64\WindowsPowerShell\v1.0\powershell.exe')
    if (-not [System.IO.File]::Exists($shell)) { Skip-Step 'there is no 32-bit Windows PowerShell' }
    $target = Join-Path $work 'own32'
    $settings = New-Setting
    $script = "Import-Module '$module'; `$p = ConvertTo-SecureString '$([System.Guid]::NewGuid())' -AsPlainText -Force; " +
        "@(Backup-FailoverSite * -Destination '$target' -Password `$p -SettingsPath '$settings').Count"
    $found = [string] (& $shell -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command $script)
    Assert-Step ($found -eq [string] (Get-SiteCount)) "$found backed up of $(Get-SiteCount)"
}

Add-Step 10 'A restore of this server into itself changes nothing' {
    Assert-Iis
    $copy = Join-Path $work 'own.config'
    $password = ConvertTo-SecureString ([System.Guid]::NewGuid().ToString()) -AsPlainText -Force
    $call = @{ Password = $password; SettingsPath = New-Setting }
    $backup = Join-Path $work 'own-backup'
    [void] (Backup-FailoverSite * -Destination $backup @call)
    [System.IO.File]::Copy($configuration, $copy)
    $actions = @(Restore-FailoverSite -Source $backup -ConfigurationFile $copy -Confirm:$false @call | Where-Object { $_.Action -ne 'None' })
    Assert-Step ($actions.Count -eq 0 -and (Get-Sha256 $copy) -eq (Get-Sha256 $configuration)) "$($actions.Count) sites would change"
}

Add-Step 12 'A restore keeps the permissions of the file' {
    Assert-Command Get-Acl, Set-Acl
    $lab = New-Lab
    $acl = Get-Acl -LiteralPath $lab.Standby
    # BUILTIN\Guests, whose name is another in each language
    $guests = [System.Security.Principal.SecurityIdentifier]::new('S-1-5-32-546')
    $acl.SetAccessRule([System.Security.AccessControl.FileSystemAccessRule]::new($guests, 'Read', 'Allow'))
    Set-Acl -LiteralPath $lab.Standby -AclObject $acl
    $before = (Get-Acl -LiteralPath $lab.Standby).Sddl
    $warning = @()
    [void] (Restore-FailoverSite -SettingsPath $lab.Settings -Confirm:$false -WarningVariable warning -WarningAction SilentlyContinue)
    Assert-Step ($warning.Count -eq 0) "Warnings: $($warning -join ' ')"
    Assert-Step ((Get-Acl -LiteralPath $lab.Standby).Sddl -eq $before) $before
}

Add-Step 13 'A file that a program holds open is not written' {
    $lab = New-Lab
    $before = Get-Sha256 $lab.Standby
    $id = Use-HeldFile $lab.Standby 'Read' { Get-ErrorId { Restore-Lab $lab } }
    Assert-Step ($id -eq 'FileNotWritable' -and (Get-Sha256 $lab.Standby) -eq $before) $id
}

Add-Step 30 'A site on a drive that is not here: DriveMissing names the drive' {
    $used = @([System.IO.Directory]::GetLogicalDrives() | ForEach-Object { $_.Substring(0, 1).ToUpperInvariant() })
    $free = @('Q', 'R', 'S', 'T', 'U' | Where-Object { $used -notcontains $_ })[0]
    $lab = New-Lab "$($free):\web"
    $seen = @(try { Restore-FailoverSite -SettingsPath $lab.Settings -Confirm:$false -WarningVariable warned -WarningAction SilentlyContinue } catch { $_ })
    $seen = @($seen | ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) { [string] $_ } else { $_.Finding } }) + $warned
    $found = @($seen | ForEach-Object { [string] $_ }) -join ' '
    Assert-Step ($found -match 'drive' -and $found -match "\b$free\b") $found
}

Add-Step 31 'A comparison is quiet after a restore, and names a binding that was changed' {
    $lab = New-Lab
    [void] (Restore-Lab $lab)
    $quiet = Compare-FailoverSite -SettingsPath $lab.Settings -Quiet
    Edit-Standby $lab '*:80:example' '*:81:example'
    $drift = @((Compare-FailoverSite -SettingsPath $lab.Settings).Path) -join ' '
    Assert-Step ($quiet -and $drift -match '\*:81:example') "$quiet, then $drift"
}

Add-Step 41 'Only the system and administrators can read what restores keep' {
    Assert-Command Get-Acl
    $lab = New-Lab
    [void] (Restore-Lab $lab)
    $folder = Join-Path $lab.State 'restores'
    $acl = Get-Acl -LiteralPath $folder
    # SYSTEM, BUILTIN\Administrators and OWNER RIGHTS
    $allowed = 'S-1-5-18', 'S-1-5-32-544', 'S-1-3-4'
    $others = @($acl.GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier]) |
            Where-Object { $allowed -notcontains $_.IdentityReference.Value -or $_.IsInherited })
    Assert-Step ($others.Count -eq 0) $acl.Sddl
}

Add-Step 42 'An undo takes back the restored site and keeps what was changed since' {
    $lab = New-Lab
    [void] (Restore-Lab $lab)
    Edit-Standby $lab '*:8099:own' '*:8098:own'
    [void] (Undo-FailoverRestore -SettingsPath $lab.Settings -Confirm:$false -WarningAction SilentlyContinue)
    $text = [System.IO.File]::ReadAllText($lab.Standby)
    Assert-Step (-not $text.Contains('name="example"') -and $text.Contains('*:8098:own')) 'example gone, own changed'
}

Add-Step 43 'An undo of a site that was changed since is refused' {
    $lab = New-Lab
    [void] (Restore-Lab $lab)
    Edit-Standby $lab '*:80:example' '*:81:example'
    $before = Get-Sha256 $lab.Standby
    $id = Get-ErrorId { Undo-FailoverRestore -SettingsPath $lab.Settings -Confirm:$false }
    Assert-Step ($id -eq 'UndoConflict' -and (Get-Sha256 $lab.Standby) -eq $before) $id
}
