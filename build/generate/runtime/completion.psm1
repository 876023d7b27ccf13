# Tab completes names of sites and servers from the text of the settings: no process is started, and no server is asked. What is wrong
# with the settings is for the commands to say; here it only means that nothing is offered.
function Get-SettingsName {
    param([string] $Text, [string] $Section)
    $depth = 0
    $inside = $false
    $key = ''
    $previous = ''
    foreach ($match in [regex]::Matches($Text, '"(?:[^"\\]|\\.)*"|//[^\n]*|/\*[\s\S]*?\*/|[\[\]{}:]')) {
        $token = $match.Value
        if ($token[0] -eq '/') { continue }
        if ($token -eq '{' -or $token -eq '[') {
            $depth++
            if ($depth -eq 2) { $inside = $token -eq '[' -and $key -eq $Section }
        }
        elseif ($token -eq '}' -or $token -eq ']') { $depth-- }
        elseif ($token -eq ':') { $key = $previous }
        elseif ($inside -and $depth -eq 3 -and $previous -eq ':' -and $key -eq '"name"') {
            [regex]::Unescape($token.Substring(1, $token.Length - 2))
        }
        $previous = $token
    }
}

$script:NameCompleter = {
    param($commandName, $parameterName, $wordToComplete, $commandAst, $fakeBoundParameters)
    try {
        $path = [string] $fakeBoundParameters['SettingsPath']
        if ($path -eq '') { $path = [string] $env:IISFAILOVER_SETTINGS }
        if ($path -eq '' -and [string] $env:ProgramData -ne '') {
            $path = [System.IO.Path]::Combine($env:ProgramData, 'IisFailover', 'failover.json')
        }
        if ($path -eq '') { $path = '/etc/iisfailover/failover.json' }
        $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)
        if (-not [System.IO.File]::Exists($path)) { return }
        $start = ([string] $wordToComplete).Trim([char[]] "'`"")
        $section = '"sites"'
        if ($parameterName -eq 'Server') { $section = '"servers"' }
        foreach ($name in Get-SettingsName ([System.IO.File]::ReadAllText($path)) $section) {
            if (-not $name.StartsWith($start, [System.StringComparison]::OrdinalIgnoreCase)) { continue }
            $word = $name
            if ($name -notmatch '^[A-Za-z0-9][A-Za-z0-9._-]*$') { $word = "'" + $name.Replace("'", "''") + "'" }
            [System.Management.Automation.CompletionResult]::new($word, $name, 'ParameterValue', $name)
        }
    }
    catch { return }
}
