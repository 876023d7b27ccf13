# Steps of the content copy, between two folders.

Add-Step 16 'Long paths and names beyond ASCII arrive, and the second run copies nothing' {
    $lab = New-Lab
    # Two names of 120 characters pass the 260 of MAX_PATH; \\?\ lets Windows PowerShell 5.1 write them.
    $deep = [System.IO.Path]::Combine($lab.Content, 'a' * 120, 'b' * 120)
    $name = [string] [char] 0xe4 + '.htm'
    [void] [System.IO.Directory]::CreateDirectory("\\?\$deep")
    [System.IO.File]::WriteAllText("\\?\$deep\page.htm", 'deep')
    [System.IO.File]::WriteAllText((Join-Path $lab.Content $name), 'name')
    $first = Copy-Lab $lab
    $second = Copy-Lab $lab
    Assert-Step ($first.FilesCopied -eq 3 -and $second.FilesCopied -eq 0) "$($first.FilesCopied), then $($second.FilesCopied) files copied"
    $copies = @("\\?\$($deep.Replace($lab.Content, $lab.Copy))\page.htm", (Join-Path $lab.Copy $name))
    Assert-Step (@($copies | Where-Object { -not [System.IO.File]::Exists($_) }).Count -eq 0) 'both are there'
}

Add-Step 17 'A file of the standby that a program holds open is one error; the others arrive' {
    $lab = New-Lab
    [void] (Copy-Lab $lab)
    foreach ($name in 'default.htm', 'other.htm') { [System.IO.File]::WriteAllText((Join-Path $lab.Content $name), 'changed') }
    $seen = @(Use-HeldFile (Join-Path $lab.Copy 'default.htm') 'None' { Copy-FailoverContent -SettingsPath $lab.Settings -NoAcl -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable faults; $faults })
    $errors = @($seen | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] })
    $arrived = [System.IO.File]::Exists((Join-Path $lab.Copy 'other.htm'))
    Assert-Step ($errors.Count -eq 1 -and $errors[0] -eq 'ContentCopyFailed' -and $arrived) "$errors, the other arrived: $arrived"
}

Add-Step 47 'A name whose case alone changed is changed on the standby' {
    $lab = New-Lab
    [System.IO.File]::WriteAllText((Join-Path $lab.Content 'Page.htm'), 'page')
    [void] (Copy-Lab $lab)
    [System.IO.File]::Delete((Join-Path $lab.Content 'Page.htm'))
    [System.IO.File]::WriteAllText((Join-Path $lab.Content 'page.htm'), 'another')
    [void] (Copy-Lab $lab)
    $names = @([System.IO.Directory]::GetFiles($lab.Copy) | ForEach-Object { [System.IO.Path]::GetFileName($_) })
    Assert-Step ($names -ccontains 'page.htm' -and $names -cnotcontains 'Page.htm') ($names -join ', ')
}

Add-Step 48 'Alternate streams and attributes arrive, and a read-only copy is replaced' {
    if ($env:OS -ne 'Windows_NT' -or -not (Get-Command Get-Item).Parameters.ContainsKey('Stream')) { Skip-Step 'this PowerShell has no -Stream' }
    $lab = New-Lab
    $page = Join-Path $lab.Content 'default.htm'
    $copy = Join-Path $lab.Copy 'default.htm'
    Set-Content -LiteralPath $page -Stream note -Value x
    [System.IO.File]::SetAttributes($page, 'ReadOnly, Hidden')
    [void] (Copy-Lab $lab)
    $note = [string] (Get-Content -LiteralPath $copy -Stream note)
    $attributes = [string] [System.IO.File]::GetAttributes($copy)
    Assert-Step ($note -eq 'x' -and $attributes -match 'ReadOnly' -and $attributes -match 'Hidden') "$note, $attributes"
    [System.IO.File]::SetAttributes($page, 'Normal')
    [System.IO.File]::WriteAllText($page, 'second')
    [void] (Copy-Lab $lab)
    Assert-Step ([System.IO.File]::ReadAllText($copy) -eq 'second') 'replaced'
}
