# Generated from src/commands by npm run build; edit build/generate/runtime and the definitions instead.

$script:Protocol = 1
$script:Failures = @{
    'NodeNotFound.onPath' = @{ Id = 'NodeNotFound'; Message = 'Node.js was not found on the PATH.'; Category = 'NotInstalled'; Remedy = 'Install Node.js 20 or later, or name one with $env:IISFAILOVER_NODE.' }
    'NodeNotFound.notStarted' = @{ Id = 'NodeNotFound'; Message = 'Node.js could not be started ({path}): {why}'; Category = 'NotInstalled'; Remedy = 'Install Node.js 20 or later, or name one with $env:IISFAILOVER_NODE.' }
    'NodeExited.silent' = @{ Id = 'NodeExited'; Message = 'The Node.js process ended before the command did (exit code {code}).'; Category = 'ResourceUnavailable'; Remedy = 'Run the command again: a new process is started. What it had finished is done.' }
    'NodeExited.complained' = @{ Id = 'NodeExited'; Message = 'The Node.js process ended before the command did (exit code {code}). It said: {complaints}'; Category = 'ResourceUnavailable'; Remedy = 'Run the command again: a new process is started. What it had finished is done.' }
    'ProtocolViolation.silent' = @{ Id = 'ProtocolViolation'; Message = 'Node.js did not answer.'; Category = 'ProtocolError'; Remedy = 'The module and its bundle differ in version: remove the module and install it again.' }
    'ProtocolViolation.reply' = @{ Id = 'ProtocolViolation'; Message = 'A reply of Node.js ({kind}) cannot be read.'; Category = 'ProtocolError'; Remedy = 'The module and its bundle differ in version: remove the module and install it again.' }
    'ProtocolViolation.version' = @{ Id = 'ProtocolViolation'; Message = 'The bundle speaks another protocol than the module.'; Category = 'ProtocolError'; Remedy = 'The module and its bundle differ in version: remove the module and install it again.' }
    'ParameterInvalid.provider' = @{ Id = 'ParameterInvalid'; Message = '{path} is not in the file system.'; Category = 'InvalidArgument'; Remedy = 'Correct the parameter; Get-Help shows its form.' }
    'ParameterInvalid.path' = @{ Id = 'ParameterInvalid'; Message = '{why}'; Category = 'InvalidArgument'; Remedy = 'Correct the parameter; Get-Help shows its form.' }
    'ParameterInvalid.notCredential' = @{ Id = 'ParameterInvalid'; Message = '-{parameter}: the value of {key} is neither a credential nor a secure string.'; Category = 'InvalidArgument'; Remedy = 'Correct the parameter; Get-Help shows its form.' }
    'ParameterInvalid.notSent' = @{ Id = 'ParameterInvalid'; Message = 'A parameter''s value cannot be sent: {why}'; Category = 'InvalidArgument'; Remedy = 'Correct the parameter; Get-Help shows its form.' }
}

# The bridge to the Node process that does the work: one for each PowerShell session, started by the first cmdlet.
# Only the engine is used here (no cmdlet of the Utility and Management modules), and only .NET that exists in
# .NET Framework 4.7.2 as well, so that the module loads in Windows PowerShell 5.1 and in constrained hosts.

# The bridge that the next call takes. Process, Writer and Reader; Pending (the one outstanding ReadLineAsync);
# Backlog (lines read but not looked at); Queues (replies by call id); Errors and PendingError (reader of standard
# error and its outstanding ReadLineAsync, null at the end); Complaints (the last lines of standard error).
$script:Bridge = $null
$script:LastCall = 0

# A failure of the bridge itself, in the form in which Node reports one.
function New-BridgeFailure {
    param([string] $Key, [hashtable] $Values, $Target)
    $kind = $script:Failures[$Key]
    $parts = [regex]::Split($kind.Message, '\{(\w+)\}')
    for ($i = 1; $i -lt $parts.Count; $i += 2) { $parts[$i] = [string] $Values[$parts[$i]] }
    @{ Message = -join $parts; ErrorId = $kind.Id; Category = $kind.Category; Target = $Target; Remedy = $kind.Remedy }
}

function ConvertTo-ErrorRecord {
    param($Failure)
    $category = $Failure.Category -as [System.Management.Automation.ErrorCategory]
    if ($null -eq $category) { $category = [System.Management.Automation.ErrorCategory]::NotSpecified }
    $exception = [System.InvalidOperationException]::new($Failure.Message)
    $record = [System.Management.Automation.ErrorRecord]::new($exception, $Failure.ErrorId, $category, $Failure.Target)
    $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new($Failure.Message)
    $record.ErrorDetails.RecommendedAction = $Failure.Remedy
    $record
}

# The Node to run: the one that was named, the module's own, or the first on the PATH.
function Find-Node {
    $named = [System.Environment]::GetEnvironmentVariable('IISFAILOVER_NODE')
    if ($named) { return $named }
    $name = 'node'
    if ([System.IO.Path]::DirectorySeparatorChar -eq '\') { $name = 'node.exe' }
    $folders = @([System.IO.Path]::Combine($PSScriptRoot, 'lib'))
    $path = [System.Environment]::GetEnvironmentVariable('PATH')
    if ($path) { $folders += $path.Split([System.IO.Path]::PathSeparator) }
    foreach ($folder in $folders) {
        try {
            $candidate = [System.IO.Path]::Combine($folder.Trim().Trim('"'), $name)
            # What a relative entry means depends on the current folder, which others may write to.
            $found = [System.IO.Path]::IsPathRooted($candidate) -and [System.IO.File]::Exists($candidate)
        }
        catch { $found = $false } # .NET Framework throws for characters that no path may have
        if ($found) { return $candidate }
    }
    return $null
}

# The running bridge, or a new one where there is none or its process has ended between two calls.
function Get-Bridge {
    param([System.Management.Automation.PSCmdlet] $Cmdlet)
    if ($null -ne $script:Bridge -and -not $script:Bridge.Process.HasExited) { return $script:Bridge }
    $script:Bridge = $null
    $node = Find-Node
    if (-not $node) {
        $failure = New-BridgeFailure 'NodeNotFound.onPath' @{} $null
        $Cmdlet.ThrowTerminatingError((ConvertTo-ErrorRecord $failure))
    }
    $bridge = $null
    try { $bridge = Start-Node $node }
    catch {
        $values = @{ path = $node; why = $_.Exception.GetBaseException().Message }
        $Cmdlet.ThrowTerminatingError((ConvertTo-ErrorRecord (New-BridgeFailure 'NodeNotFound.notStarted' $values $node)))
    }
    try {
        $hello = Receive-Reply $bridge 0 ([System.DateTime]::UtcNow.AddSeconds(60))
        if ($hello.Kind -eq 'failed') { $failure = $hello.Value }
        elseif ($hello.Kind -ne 'hello' -or $hello.Value.Protocol -ne $script:Protocol) {
            $failure = New-BridgeFailure 'ProtocolViolation.version' @{} $node
        }
        else {
            [void] $bridge.Queues.Remove(0)
            $script:Bridge = $bridge
        }
    }
    finally {
        # Reached by Ctrl+C as well, while Node was starting.
        if ($null -eq $script:Bridge) { try { $bridge.Process.Kill() } catch { } }
    }
    if ($null -eq $script:Bridge) { $Cmdlet.ThrowTerminatingError((ConvertTo-ErrorRecord $failure)) }
    return $bridge
}

function Start-Node {
    param([string] $Node)
    $start = [System.Diagnostics.ProcessStartInfo]::new()
    $start.FileName = $Node
    # What work leaves behind is short-lived: V8 would keep up to 48 MB for it, and takes no longer with 12.
    $start.Arguments = '--max-semi-space-size=4 "' + [System.IO.Path]::Combine($PSScriptRoot, 'lib', 'start.cjs') + '"'
    $start.WorkingDirectory = $PSScriptRoot
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = [System.Text.Encoding]::UTF8
    $start.StandardErrorEncoding = [System.Text.Encoding]::UTF8
    # Meant for other programs of the session; --import and the like would change or break this one.
    $start.EnvironmentVariables.Remove('NODE_OPTIONS')
    $process = [System.Diagnostics.Process]::Start($start)
    # A writer of our own, since .NET Framework's would write in the console's code page.
    $writer = [System.IO.StreamWriter]::new($process.StandardInput.BaseStream, [System.Text.UTF8Encoding]::new($false))
    $writer.AutoFlush = $true
    return @{
        Process      = $process
        Writer       = $writer
        Reader       = $process.StandardOutput
        Pending      = $null
        Backlog      = [System.Collections.Generic.Queue[string]]::new()
        Queues       = @{ 0 = [System.Collections.Generic.Queue[object]]::new() }
        Errors       = $process.StandardError
        PendingError = $process.StandardError.ReadLineAsync()
        Complaints   = [System.Collections.Generic.Queue[string]]::new()
    }
}

# Ends the process: closing its input asks it to; after the grace it is killed.
function Stop-Bridge {
    param([int] $GraceMilliseconds)
    $bridge = $script:Bridge
    $script:Bridge = $null
    if ($null -eq $bridge) { return }
    try { $bridge.Writer.Dispose() } catch { } # it has gone already
    try { if (-not $bridge.Process.WaitForExit($GraceMilliseconds)) { $bridge.Process.Kill() } } catch { }
}

$ExecutionContext.SessionState.Module.OnRemove = {
    Stop-Bridge 2000
    $ExecutionContext.Events.UnsubscribeEvent($script:Exiting)
}
# A runspace may end long before its process does; then nobody else would close the input of Node. The action of an
# engine event runs outside of the module and gets no message data: the subscriber carries the module.
$script:Exiting = $ExecutionContext.Events.SubscribeEvent(
    $null, $null, 'PowerShell.Exiting', $null, { & $EventSubscriber.Module { Stop-Bridge 2000 } }, $true, $false)
$script:Exiting.PSObject.Properties.Add(
    [System.Management.Automation.PSNoteProperty]::new('Module', $ExecutionContext.SessionState.Module))

# Messages to and from the Node process; src/protocol/messages.ts is the other side.

# CLIXML on one line: PSSerializer puts line breaks between elements only; those inside texts are escaped.
function ConvertTo-Payload {
    param($Value)
    [System.Management.Automation.PSSerializer]::Serialize($Value, 6).Replace("`r", '').Replace("`n", '')
}

# Where the process has gone nothing is sent; the next Receive-Reply finds that out and says so.
function Send-Request {
    param($Bridge, [string] $Kind, [int] $Id, [string] $Payload)
    $line = [string][char] 0x1E + $Kind + ' ' + $Id + ' ' + $Payload
    $sent = $false
    try { $task = $Bridge.Writer.WriteLineAsync($line) } catch { $sent = $true }
    while (-not $sent) { try { $sent = $task.Wait(50) } catch { $sent = $true } }
}

# Takes what there is on standard error, lest the process waits for it to be read. A session may last for months, so
# only the last lines are kept.
function Read-Complaint {
    param($Bridge, [int] $WaitMilliseconds)
    while ($null -ne $Bridge.PendingError) {
        try { if (-not $Bridge.PendingError.Wait($WaitMilliseconds)) { return } } catch { } # broken: no line, as at the end
        $line = $null
        if (-not $Bridge.PendingError.IsFaulted) { $line = $Bridge.PendingError.Result }
        $Bridge.PendingError = $null
        if ($null -eq $line) { return }
        $Bridge.PendingError = $Bridge.Errors.ReadLineAsync()
        if (-not $line.Trim()) { continue }
        $Bridge.Complaints.Enqueue($line.Trim())
        if ($Bridge.Complaints.Count -gt 5) { [void] $Bridge.Complaints.Dequeue() }
    }
}

# Why the process has gone. The next call starts another.
function Get-ExitFailure {
    param($Bridge)
    if ([object]::ReferenceEquals($script:Bridge, $Bridge)) { $script:Bridge = $null }
    $code = 'unknown'
    try {
        if ($Bridge.Process.WaitForExit(2000)) { $code = [string] $Bridge.Process.ExitCode }
        else { $Bridge.Process.Kill() }
    }
    catch { } # the exit is reported without what could not be found out
    Read-Complaint $Bridge 500
    $form = if ($Bridge.Complaints.Count -gt 0) { 'NodeExited.complained' } else { 'NodeExited.silent' }
    New-BridgeFailure $form @{ code = $code; complaints = $Bridge.Complaints.ToArray() -join ' | ' } $null
}

# The next reply of a call, as @{ Kind; Value }. Replies of other calls are put aside for them: a cmdlet further down
# the pipeline runs while this one is writing its objects. The wait is cut in pieces so that Ctrl+C is seen.
function Receive-Reply {
    param($Bridge, [int] $Id, [datetime] $Deadline = [datetime]::MaxValue)
    while ($Bridge.Queues[$Id].Count -eq 0) {
        if ($null -ne $Bridge.PendingError -and $Bridge.PendingError.IsCompleted) { Read-Complaint $Bridge 0 }
        if ($Bridge.Backlog.Count -gt 0) { $line = $Bridge.Backlog.Dequeue() }
        else {
            if ($null -eq $Bridge.Pending) { $Bridge.Pending = $Bridge.Reader.ReadLineAsync() }
            $line = $null
            try { $arrived = $Bridge.Pending.Wait(50) } catch { $arrived = $true } # a closed stream is at its end, too
            if (-not $arrived) {
                if ([System.DateTime]::UtcNow -lt $Deadline) { continue }
                return @{ Kind = 'failed'; Value = New-BridgeFailure 'ProtocolViolation.silent' @{} $null }
            }
            if (-not $Bridge.Pending.IsFaulted) { $line = $Bridge.Pending.Result }
            $Bridge.Pending = $null
            if ($null -eq $line) { return @{ Kind = 'failed'; Value = Get-ExitFailure $Bridge } }
        }
        $start = $line.LastIndexOf([char] 0x1E)
        if ($start -lt 0) { continue }
        $parts = $line.Substring($start + 1).Split([char[]] @(' '), 3)
        $owner = 0
        if ($parts.Count -lt 3 -or -not [int]::TryParse($parts[1], [ref] $owner)) { continue }
        if (-not $Bridge.Queues.ContainsKey($owner)) { continue }
        $kind = $parts[0]
        $value = $null
        try { if ($parts[2]) { $value = [System.Management.Automation.PSSerializer]::Deserialize($parts[2]) } }
        catch {
            $kind = 'failed'
            $value = New-BridgeFailure 'ProtocolViolation.reply' @{ kind = $parts[0] } $null
        }
        $Bridge.Queues[$owner].Enqueue(@{ Kind = $kind; Value = $value })
    }
    return $Bridge.Queues[$Id].Dequeue()
}

# One call of a cmdlet; src/protocol/invocation.ts is the other side.

# Hosts know a bar by source and id. The source of a cmdlet is known to the engine alone: these are of our own, one for
# each call, so that a bar can be taken away when the cmdlet may write no more.
$script:ProgressSource = [long] 0x4969734600000000

# Writes a record, and gives it back while its bar is to be seen.
function Write-BridgeProgress {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [int] $Id, $Value)
    $status = $Value.Status
    if (-not $status) { $status = ' ' } # ProgressRecord refuses an empty one
    $record = [System.Management.Automation.ProgressRecord]::new(1, $Value.Activity, $status)
    $record.PercentComplete = [System.Math]::Min(100, $Value.Percent)
    $record.SecondsRemaining = $Value.SecondsRemaining
    if ($Value.Completed) { $record.RecordType = [System.Management.Automation.ProgressRecordType]::Completed }
    $Cmdlet.CommandRuntime.WriteProgress($script:ProgressSource + $Id, $record)
    if (-not $Value.Completed) { $record }
}

# A path as Node can use it: absolute, from PowerShell's current location, with PowerShell's drives resolved.
function Resolve-BridgePath {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [string] $Path)
    $provider = $null
    $drive = $null
    $failure = New-BridgeFailure 'ParameterInvalid.provider' @{ path = $Path } $Path
    try {
        $resolved = $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path, [ref] $provider, [ref] $drive)
        if ($provider.Name -eq 'FileSystem') { return $resolved }
    }
    catch { $failure = New-BridgeFailure 'ParameterInvalid.path' @{ why = $_.Exception.GetBaseException().Message } $Path }
    $Cmdlet.ThrowTerminatingError((ConvertTo-ErrorRecord $failure))
}

# A secure string travels in clear, on the child's standard input and nowhere else.
function ConvertFrom-BridgeSecret {
    param([securestring] $Secret)
    [System.Net.NetworkCredential]::new('', $Secret).Password
}

# Credentials and secure strings by name, the same way.
function ConvertFrom-BridgeCredential {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [hashtable] $Credential, [string] $Parameter)
    $clear = @{}
    foreach ($entry in $Credential.GetEnumerator()) {
        $value = $entry.Value
        if ($value -is [psobject]) { $value = $value.PSObject.BaseObject }
        if ($value -is [pscredential]) {
            $clear[[string] $entry.Key] = @{ UserName = $value.UserName; Password = ConvertFrom-BridgeSecret $value.Password }
        }
        elseif ($value -is [securestring]) { $clear[[string] $entry.Key] = @{ Password = ConvertFrom-BridgeSecret $value } }
        else {
            $values = @{ parameter = $Parameter; key = $entry.Key }
            $Cmdlet.ThrowTerminatingError((ConvertTo-ErrorRecord (New-BridgeFailure 'ParameterInvalid.notCredential' $values $Parameter)))
        }
    }
    $clear
}

# The ids of the steps that ShouldProcess approves. Under -WhatIf it prints each step, and approves none.
function Get-ApprovedStep {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, $Steps)
    foreach ($step in $Steps) {
        if ($Cmdlet.ShouldProcess($step.Target, $step.Action)) { $step.Id }
    }
}

# Sends a call, asks ShouldProcess for each step of its plan, and writes what comes back.
function Invoke-BridgeCommand {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [string] $Command, [hashtable] $Parameters, [bool] $PlanOnly)
    $settings = [System.Environment]::GetEnvironmentVariable('IISFAILOVER_SETTINGS')
    if ($settings) { $settings = Resolve-BridgePath $Cmdlet $settings }
    try {
        $call = ConvertTo-Payload @{
            Command             = $Command
            Parameters          = $Parameters
            WhatIf              = $PlanOnly
            SettingsEnvironment = $settings
            ProgramData         = [System.Environment]::GetEnvironmentVariable('ProgramData')
        }
    }
    catch {
        $values = @{ why = $_.Exception.GetBaseException().Message }
        $Cmdlet.ThrowTerminatingError((ConvertTo-ErrorRecord (New-BridgeFailure 'ParameterInvalid.notSent' $values $null)))
    }
    $bridge = Get-Bridge $Cmdlet
    $script:LastCall++
    $id = $script:LastCall
    $bridge.Queues[$id] = [System.Collections.Generic.Queue[object]]::new()
    $ended = $false
    $failure = $null
    $leave = $null
    $bar = $null # the progress record that is shown
    try {
        Send-Request $bridge 'invoke' $id $call
        while (-not $ended) {
            $reply = Receive-Reply $bridge $id
            $value = $reply.Value
            switch ($reply.Kind) {
                # Not with WriteObject, which would wrap an error of a command further down the pipeline. Its break or
                # continue ends in the nearest loop, which must be this one and not the loop over the replies.
                'output' {
                    foreach ($turn in 1, 2) {
                        if ($leave) { $leave = 'continue'; break }
                        $leave = 'break'
                        $value
                        $leave = $null
                        break
                    }
                }
                'verbose' { $Cmdlet.WriteVerbose($value) }
                'warning' { $Cmdlet.WriteWarning($value) }
                'progress' { $bar = Write-BridgeProgress $Cmdlet $id $value }
                'error' { $Cmdlet.WriteError((ConvertTo-ErrorRecord $value)) }
                'plan' {
                    $approved = [string[]] @(Get-ApprovedStep $Cmdlet $value.Steps)
                    if ($PlanOnly -and -not $value.Shadow) { Send-Request $bridge 'release' $id '' }
                    else { Send-Request $bridge 'apply' $id (ConvertTo-Payload @{ Approved = $approved }) }
                }
                'done' { $ended = $true }
                'failed' {
                    $ended = $true
                    $failure = $value
                }
            }
            if ($leave) { break }
        }
    }
    finally {
        # Reached by Ctrl+C and Select-Object -First as well; the engine then runs no command, only .NET calls.
        $alive = $true
        if (-not $ended) {
            $done = [string][char] 0x1E + 'done ' + $id + ' '
            $failed = [string][char] 0x1E + 'failed ' + $id + ' '
            # A call further down the pipeline may have read the end of this one.
            foreach ($reply in $bridge.Queues[$id].ToArray()) { if ($reply.Kind -in 'done', 'failed') { $ended = $true } }
            foreach ($line in $bridge.Backlog.ToArray()) { if ($line.Contains($done) -or $line.Contains($failed)) { $ended = $true } }
        }
        if (-not $ended) {
            $deadline = [System.DateTime]::UtcNow.AddSeconds(2)
            try { $alive = $bridge.Writer.WriteLineAsync([string][char] 0x1E + 'cancel ' + $id + ' ').Wait(1000) } catch { $alive = $false }
            while ($alive -and -not $ended) {
                if ($null -eq $bridge.Pending) { $bridge.Pending = $bridge.Reader.ReadLineAsync() }
                $line = $null
                try {
                    if (-not $bridge.Pending.Wait(50)) {
                        $alive = [System.DateTime]::UtcNow -lt $deadline
                        continue
                    }
                    $line = $bridge.Pending.Result
                }
                catch { $alive = $false }
                $bridge.Pending = $null
                if ($null -eq $line) { $alive = $false; continue }
                $ended = $line.Contains($done) -or $line.Contains($failed)
                $bridge.Backlog.Enqueue($line)
            }
        }
        if (-not $alive) {
            # It does not listen any more: the next call starts another.
            if ([object]::ReferenceEquals($script:Bridge, $bridge)) { $script:Bridge = $null }
            try { $bridge.Process.Kill() } catch { }
        }
        $bridge.Queues.Remove($id)
        if ($bar) {
            # Not the record itself, which others have collected.
            $last = [System.Management.Automation.ProgressRecord]::new(1, $bar.Activity, $bar.StatusDescription)
            $last.PercentComplete = $bar.PercentComplete
            $last.RecordType = [System.Management.Automation.ProgressRecordType]::Completed
            $source = $script:ProgressSource + $id
            try { $Cmdlet.CommandRuntime.WriteProgress($source, $last) }
            catch {
                # A cmdlet that was stopped may write nothing any more; the host still takes its bar away.
                if ($ProgressPreference -notin 'SilentlyContinue', 'Ignore') { $Host.UI.WriteProgress($source, $last) }
            }
        }
    }
    # For the loop around the pipeline.
    if ($leave -eq 'break') { break }
    if ($leave -eq 'continue') { continue }
    if ($null -eq $failure) { return }
    $Cmdlet.ThrowTerminatingError((ConvertTo-ErrorRecord $failure))
}

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

function Backup-FailoverSite {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low', PositionalBinding = $false)]
    [OutputType('IisFailover.SiteBackup')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SiteListPath,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ConfigurationFile,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Destination,

        [Parameter()]
        [ValidateRange(0, 10000)]
        [int] $KeepVersion,

        [Parameter()]
        [ValidateNotNull()]
        [securestring] $Password,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('SiteListPath')) { $parameters['SiteListPath'] = Resolve-BridgePath $PSCmdlet $SiteListPath }
        if ($PSBoundParameters.ContainsKey('ConfigurationFile')) { $parameters['ConfigurationFile'] = Resolve-BridgePath $PSCmdlet $ConfigurationFile }
        if ($PSBoundParameters.ContainsKey('Destination')) { $parameters['Destination'] = Resolve-BridgePath $PSCmdlet $Destination }
        if ($PSBoundParameters.ContainsKey('KeepVersion')) { $parameters['KeepVersion'] = $KeepVersion }
        if ($PSBoundParameters.ContainsKey('Password')) { $parameters['Password'] = ConvertFrom-BridgeSecret $Password }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Backup-FailoverSite' $parameters $WhatIfPreference
    }
}

function Compare-FailoverSite {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('IisFailover.SiteDifference')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Source,

        [Parameter()]
        [ValidateNotNull()]
        [securestring] $Password,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ReferenceFile,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ConfigurationFile,

        [Parameter()]
        [ValidateNotNull()]
        [hashtable] $PathMap,

        [Parameter()]
        [ValidateNotNull()]
        [hashtable] $AddressMap,

        [Parameter()]
        [switch] $Quiet,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Source')) { $parameters['Source'] = Resolve-BridgePath $PSCmdlet $Source }
        if ($PSBoundParameters.ContainsKey('Password')) { $parameters['Password'] = ConvertFrom-BridgeSecret $Password }
        if ($PSBoundParameters.ContainsKey('ReferenceFile')) { $parameters['ReferenceFile'] = Resolve-BridgePath $PSCmdlet $ReferenceFile }
        if ($PSBoundParameters.ContainsKey('ConfigurationFile')) { $parameters['ConfigurationFile'] = Resolve-BridgePath $PSCmdlet $ConfigurationFile }
        if ($PSBoundParameters.ContainsKey('PathMap')) { $parameters['PathMap'] = $PathMap }
        if ($PSBoundParameters.ContainsKey('AddressMap')) { $parameters['AddressMap'] = $AddressMap }
        if ($PSBoundParameters.ContainsKey('Quiet')) { $parameters['Quiet'] = $Quiet.IsPresent }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Compare-FailoverSite' $parameters $WhatIfPreference
    }
}

function Copy-FailoverContent {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low', PositionalBinding = $false)]
    [OutputType('IisFailover.ContentCopy')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Source,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ContentServer,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $DestinationDrive,

        [Parameter()]
        [ValidateNotNull()]
        [hashtable] $PathMap,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Exclude,

        [Parameter()]
        [switch] $Verify,

        [Parameter()]
        [ValidateRange(1024, 2147483647)]
        [int] $MaximumBandwidth,

        [Parameter()]
        [ValidateRange(1, 64)]
        [int] $ThrottleLimit,

        [Parameter()]
        [switch] $Force,

        [Parameter()]
        [switch] $Reverse,

        [Parameter()]
        [ValidateSet('Report', 'Newest', 'Standby', 'Primary', 'KeepBoth')]
        [ValidateNotNullOrEmpty()]
        [string] $ConflictPolicy,

        [Parameter()]
        [switch] $NoAcl,

        [Parameter()]
        [switch] $AuditAcl,

        [Parameter()]
        [ValidateNotNull()]
        [hashtable] $AccountMap,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Source')) { $parameters['Source'] = Resolve-BridgePath $PSCmdlet $Source }
        if ($PSBoundParameters.ContainsKey('ContentServer')) { $parameters['ContentServer'] = $ContentServer }
        if ($PSBoundParameters.ContainsKey('DestinationDrive')) { $parameters['DestinationDrive'] = $DestinationDrive }
        if ($PSBoundParameters.ContainsKey('PathMap')) { $parameters['PathMap'] = $PathMap }
        if ($PSBoundParameters.ContainsKey('Exclude')) { $parameters['Exclude'] = $Exclude }
        if ($PSBoundParameters.ContainsKey('Verify')) { $parameters['Verify'] = $Verify.IsPresent }
        if ($PSBoundParameters.ContainsKey('MaximumBandwidth')) { $parameters['MaximumBandwidth'] = $MaximumBandwidth }
        if ($PSBoundParameters.ContainsKey('ThrottleLimit')) { $parameters['ThrottleLimit'] = $ThrottleLimit }
        if ($PSBoundParameters.ContainsKey('Force')) { $parameters['Force'] = $Force.IsPresent }
        if ($PSBoundParameters.ContainsKey('Reverse')) { $parameters['Reverse'] = $Reverse.IsPresent }
        if ($PSBoundParameters.ContainsKey('ConflictPolicy')) { $parameters['ConflictPolicy'] = $ConflictPolicy }
        if ($PSBoundParameters.ContainsKey('NoAcl')) { $parameters['NoAcl'] = $NoAcl.IsPresent }
        if ($PSBoundParameters.ContainsKey('AuditAcl')) { $parameters['AuditAcl'] = $AuditAcl.IsPresent }
        if ($PSBoundParameters.ContainsKey('AccountMap')) { $parameters['AccountMap'] = $AccountMap }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Copy-FailoverContent' $parameters $WhatIfPreference
    }
}

function Export-FailoverCertificate {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.CertificateExport')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [ValidateNotNullOrEmpty()]
        [string[]] $Thumbprint,

        [Parameter(Mandatory = $true)]
        [ValidateNotNullOrEmpty()]
        [string] $Destination,

        [Parameter(Mandatory = $true)]
        [ValidateNotNull()]
        [securestring] $Password,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Store,

        [Parameter()]
        [ValidateSet('LocalMachine', 'CurrentUser')]
        [ValidateNotNullOrEmpty()]
        [string] $StoreLocation,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Thumbprint) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Thumbprint'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Destination')) { $parameters['Destination'] = Resolve-BridgePath $PSCmdlet $Destination }
        if ($PSBoundParameters.ContainsKey('Password')) { $parameters['Password'] = ConvertFrom-BridgeSecret $Password }
        if ($PSBoundParameters.ContainsKey('Store')) { $parameters['Store'] = $Store }
        if ($PSBoundParameters.ContainsKey('StoreLocation')) { $parameters['StoreLocation'] = $StoreLocation }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Export-FailoverCertificate' $parameters $WhatIfPreference
    }
}

function Export-FailoverReport {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low', PositionalBinding = $false)]
    [OutputType('IisFailover.Report')]
    param(
        [Parameter(Mandatory = $true, Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string] $Path,

        [Parameter(Position = 1, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [datetime] $Since,

        [Parameter()]
        [ValidateNotNull()]
        [securestring] $Password,

        [Parameter()]
        [switch] $NoReadiness,

        [Parameter()]
        [switch] $Force,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($PSBoundParameters.ContainsKey('Path')) { $parameters['Path'] = Resolve-BridgePath $PSCmdlet $Path }
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Since')) { $parameters['Since'] = $Since }
        if ($PSBoundParameters.ContainsKey('Password')) { $parameters['Password'] = ConvertFrom-BridgeSecret $Password }
        if ($PSBoundParameters.ContainsKey('NoReadiness')) { $parameters['NoReadiness'] = $NoReadiness.IsPresent }
        if ($PSBoundParameters.ContainsKey('Force')) { $parameters['Force'] = $Force.IsPresent }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Export-FailoverReport' $parameters $WhatIfPreference
    }
}

function Get-FailoverEvent {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('IisFailover.Event')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [datetime] $After,

        [Parameter()]
        [ValidateRange(1, 1000000)]
        [int] $Newest,

        [Parameter()]
        [switch] $All,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('After')) { $parameters['After'] = $After }
        if ($PSBoundParameters.ContainsKey('Newest')) { $parameters['Newest'] = $Newest }
        if ($PSBoundParameters.ContainsKey('All')) { $parameters['All'] = $All.IsPresent }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Get-FailoverEvent' $parameters $WhatIfPreference
    }
}

function Get-FailoverRestore {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('IisFailover.Restore')]
    param(
        [Parameter(Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string[]] $Id,

        [Parameter()]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ConfigurationFile,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    end {
        $parameters = @{}
        if ($PSBoundParameters.ContainsKey('Id')) { $parameters['Id'] = $Id }
        if ($PSBoundParameters.ContainsKey('Name')) { $parameters['Name'] = $Name }
        if ($PSBoundParameters.ContainsKey('ConfigurationFile')) { $parameters['ConfigurationFile'] = Resolve-BridgePath $PSCmdlet $ConfigurationFile }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Get-FailoverRestore' $parameters $WhatIfPreference
    }
}

function Get-FailoverSite {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('IisFailover.Site')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Get-FailoverSite' $parameters $WhatIfPreference
    }
}

function Get-FailoverTask {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('IisFailover.Task')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Task,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Task) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Task'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Get-FailoverTask' $parameters $WhatIfPreference
    }
}

function Import-FailoverCertificate {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.CertificateImport')]
    param(
        [Parameter(Mandatory = $true, Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string[]] $Path,

        [Parameter(Mandatory = $true)]
        [ValidateNotNull()]
        [securestring] $Password,

        [Parameter()]
        [switch] $Exportable,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Store,

        [Parameter()]
        [ValidateSet('LocalMachine', 'CurrentUser')]
        [ValidateNotNullOrEmpty()]
        [string] $StoreLocation,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    end {
        $parameters = @{}
        if ($PSBoundParameters.ContainsKey('Path')) { $parameters['Path'] = [string[]] @(foreach ($item in $Path) { Resolve-BridgePath $PSCmdlet $item }) }
        if ($PSBoundParameters.ContainsKey('Password')) { $parameters['Password'] = ConvertFrom-BridgeSecret $Password }
        if ($PSBoundParameters.ContainsKey('Exportable')) { $parameters['Exportable'] = $Exportable.IsPresent }
        if ($PSBoundParameters.ContainsKey('Store')) { $parameters['Store'] = $Store }
        if ($PSBoundParameters.ContainsKey('StoreLocation')) { $parameters['StoreLocation'] = $StoreLocation }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Import-FailoverCertificate' $parameters $WhatIfPreference
    }
}

function Initialize-FailoverServer {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.SetupItem')]
    param(
        [Parameter(Mandatory = $true, Position = 0)]
        [ValidateSet('Primary', 'Failover', 'Monitor')]
        [ValidateNotNullOrEmpty()]
        [string] $Role,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $UserName,

        [Parameter()]
        [ValidateNotNull()]
        [pscredential] $Credential,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string[]] $ShareAccount,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $BackupFolder,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ShareName,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ConfigurationFile,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string[]] $PrimaryAddress,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string[]] $FailoverAddress,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string[]] $DnsServer,

        [Parameter()]
        [switch] $NoTask,

        [Parameter()]
        [switch] $Remove,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    end {
        $parameters = @{}
        if ($PSBoundParameters.ContainsKey('Role')) { $parameters['Role'] = $Role }
        if ($PSBoundParameters.ContainsKey('UserName')) { $parameters['UserName'] = $UserName }
        if ($PSBoundParameters.ContainsKey('Credential')) { $parameters['Credential'] = @{ UserName = $Credential.UserName; Password = ConvertFrom-BridgeSecret $Credential.Password } }
        if ($PSBoundParameters.ContainsKey('ShareAccount')) { $parameters['ShareAccount'] = $ShareAccount }
        if ($PSBoundParameters.ContainsKey('BackupFolder')) { $parameters['BackupFolder'] = Resolve-BridgePath $PSCmdlet $BackupFolder }
        if ($PSBoundParameters.ContainsKey('ShareName')) { $parameters['ShareName'] = $ShareName }
        if ($PSBoundParameters.ContainsKey('ConfigurationFile')) { $parameters['ConfigurationFile'] = Resolve-BridgePath $PSCmdlet $ConfigurationFile }
        if ($PSBoundParameters.ContainsKey('PrimaryAddress')) { $parameters['PrimaryAddress'] = $PrimaryAddress }
        if ($PSBoundParameters.ContainsKey('FailoverAddress')) { $parameters['FailoverAddress'] = $FailoverAddress }
        if ($PSBoundParameters.ContainsKey('DnsServer')) { $parameters['DnsServer'] = $DnsServer }
        if ($PSBoundParameters.ContainsKey('NoTask')) { $parameters['NoTask'] = $NoTask.IsPresent }
        if ($PSBoundParameters.ContainsKey('Remove')) { $parameters['Remove'] = $Remove.IsPresent }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Initialize-FailoverServer' $parameters $WhatIfPreference
    }
}

function Initialize-FailoverZone {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.Zone')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateRange(1, 86400)]
        [int] $Ttl,

        [Parameter()]
        [ValidateRange(1, 86400)]
        [int] $Refresh,

        [Parameter()]
        [ValidateRange(1, 86400)]
        [int] $Minimum,

        [Parameter()]
        [switch] $Create,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Ttl')) { $parameters['Ttl'] = $Ttl }
        if ($PSBoundParameters.ContainsKey('Refresh')) { $parameters['Refresh'] = $Refresh }
        if ($PSBoundParameters.ContainsKey('Minimum')) { $parameters['Minimum'] = $Minimum }
        if ($PSBoundParameters.ContainsKey('Create')) { $parameters['Create'] = $Create.IsPresent }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Initialize-FailoverZone' $parameters $WhatIfPreference
    }
}

function Invoke-FailoverMonitor {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.MonitorEvent')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [switch] $Continuous,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $DashboardAddress,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $DashboardTokenFile,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Continuous')) { $parameters['Continuous'] = $Continuous.IsPresent }
        if ($PSBoundParameters.ContainsKey('DashboardAddress')) { $parameters['DashboardAddress'] = $DashboardAddress }
        if ($PSBoundParameters.ContainsKey('DashboardTokenFile')) { $parameters['DashboardTokenFile'] = Resolve-BridgePath $PSCmdlet $DashboardTokenFile }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Invoke-FailoverMonitor' $parameters $WhatIfPreference
    }
}

function New-FailoverSetting {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low', PositionalBinding = $false)]
    [OutputType('IisFailover.Setting')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ConfigurationFile,

        [Parameter(Mandatory = $true)]
        [ValidateNotNullOrEmpty()]
        [string[]] $PrimaryAddress,

        [Parameter(Mandatory = $true)]
        [ValidateNotNullOrEmpty()]
        [string[]] $FailoverAddress,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $PrimaryName,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $FailoverName,

        [Parameter(Mandatory = $true)]
        [ValidateNotNullOrEmpty()]
        [string[]] $DnsServer,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $BackupFolder,

        [Parameter()]
        [switch] $Force,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('ConfigurationFile')) { $parameters['ConfigurationFile'] = Resolve-BridgePath $PSCmdlet $ConfigurationFile }
        if ($PSBoundParameters.ContainsKey('PrimaryAddress')) { $parameters['PrimaryAddress'] = $PrimaryAddress }
        if ($PSBoundParameters.ContainsKey('FailoverAddress')) { $parameters['FailoverAddress'] = $FailoverAddress }
        if ($PSBoundParameters.ContainsKey('PrimaryName')) { $parameters['PrimaryName'] = $PrimaryName }
        if ($PSBoundParameters.ContainsKey('FailoverName')) { $parameters['FailoverName'] = $FailoverName }
        if ($PSBoundParameters.ContainsKey('DnsServer')) { $parameters['DnsServer'] = $DnsServer }
        if ($PSBoundParameters.ContainsKey('BackupFolder')) { $parameters['BackupFolder'] = $BackupFolder }
        if ($PSBoundParameters.ContainsKey('Force')) { $parameters['Force'] = $Force.IsPresent }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'New-FailoverSetting' $parameters $WhatIfPreference
    }
}

function Register-FailoverTask {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.Task')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Task,

        [Parameter()]
        [ValidateSet('Primary', 'Failover', 'Monitor')]
        [ValidateNotNullOrEmpty()]
        [string] $Role,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $At,

        [Parameter()]
        [timespan] $Every,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $UserName,

        [Parameter()]
        [ValidateNotNull()]
        [pscredential] $Credential,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Task) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Task'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Role')) { $parameters['Role'] = $Role }
        if ($PSBoundParameters.ContainsKey('At')) { $parameters['At'] = $At }
        if ($PSBoundParameters.ContainsKey('Every')) { $parameters['Every'] = $Every }
        if ($PSBoundParameters.ContainsKey('UserName')) { $parameters['UserName'] = $UserName }
        if ($PSBoundParameters.ContainsKey('Credential')) { $parameters['Credential'] = @{ UserName = $Credential.UserName; Password = ConvertFrom-BridgeSecret $Credential.Password } }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Register-FailoverTask' $parameters $WhatIfPreference
    }
}

function Restore-FailoverSite {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.SiteRestore')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Source,

        [Parameter()]
        [ValidateNotNull()]
        [securestring] $Password,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ConfigurationFile,

        [Parameter()]
        [ValidateNotNull()]
        [hashtable] $Credential,

        [Parameter()]
        [ValidateNotNull()]
        [hashtable] $PathMap,

        [Parameter()]
        [ValidateNotNull()]
        [hashtable] $AddressMap,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Version,

        [Parameter()]
        [switch] $Prune,

        [Parameter()]
        [switch] $Force,

        [Parameter()]
        [switch] $MaterializeDefaults,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Source')) { $parameters['Source'] = Resolve-BridgePath $PSCmdlet $Source }
        if ($PSBoundParameters.ContainsKey('Password')) { $parameters['Password'] = ConvertFrom-BridgeSecret $Password }
        if ($PSBoundParameters.ContainsKey('ConfigurationFile')) { $parameters['ConfigurationFile'] = Resolve-BridgePath $PSCmdlet $ConfigurationFile }
        if ($PSBoundParameters.ContainsKey('Credential')) { $parameters['Credential'] = ConvertFrom-BridgeCredential $PSCmdlet $Credential 'Credential' }
        if ($PSBoundParameters.ContainsKey('PathMap')) { $parameters['PathMap'] = $PathMap }
        if ($PSBoundParameters.ContainsKey('AddressMap')) { $parameters['AddressMap'] = $AddressMap }
        if ($PSBoundParameters.ContainsKey('Version')) { $parameters['Version'] = $Version }
        if ($PSBoundParameters.ContainsKey('Prune')) { $parameters['Prune'] = $Prune.IsPresent }
        if ($PSBoundParameters.ContainsKey('Force')) { $parameters['Force'] = $Force.IsPresent }
        if ($PSBoundParameters.ContainsKey('MaterializeDefaults')) { $parameters['MaterializeDefaults'] = $MaterializeDefaults.IsPresent }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Restore-FailoverSite' $parameters $WhatIfPreference
    }
}

function Resume-FailoverSite {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.SiteSuspension')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Resume-FailoverSite' $parameters $WhatIfPreference
    }
}

function Suspend-FailoverSite {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.SiteSuspension')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [datetime] $Until,

        [Parameter()]
        [timespan] $For,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Reason,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Until')) { $parameters['Until'] = $Until }
        if ($PSBoundParameters.ContainsKey('For')) { $parameters['For'] = $For }
        if ($PSBoundParameters.ContainsKey('Reason')) { $parameters['Reason'] = $Reason }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Suspend-FailoverSite' $parameters $WhatIfPreference
    }
}

function Switch-FailoverSite {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.SiteSwitch')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter(Mandatory = $true, Position = 1)]
        [ValidateSet('Primary', 'Failover')]
        [ValidateNotNullOrEmpty()]
        [string] $To,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Server,

        [Parameter()]
        [switch] $Force,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('To')) { $parameters['To'] = $To }
        if ($PSBoundParameters.ContainsKey('Server')) { $parameters['Server'] = $Server }
        if ($PSBoundParameters.ContainsKey('Force')) { $parameters['Force'] = $Force.IsPresent }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Switch-FailoverSite' $parameters $WhatIfPreference
    }
}

function Test-FailoverLog {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('IisFailover.LogTest')]
    param(
        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    end {
        $parameters = @{}
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Test-FailoverLog' $parameters $WhatIfPreference
    }
}

function Test-FailoverNotification {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low', PositionalBinding = $false)]
    [OutputType('IisFailover.NotificationTest')]
    param(
        [Parameter(Position = 0)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string] $Channel,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Message,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    end {
        $parameters = @{}
        if ($PSBoundParameters.ContainsKey('Channel')) { $parameters['Channel'] = $Channel }
        if ($PSBoundParameters.ContainsKey('Message')) { $parameters['Message'] = $Message }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Test-FailoverNotification' $parameters $WhatIfPreference
    }
}

function Test-FailoverReadiness {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('IisFailover.Readiness')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $Check,

        [Parameter()]
        [ValidateNotNull()]
        [securestring] $Password,

        [Parameter()]
        [switch] $Quiet,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Check')) { $parameters['Check'] = $Check }
        if ($PSBoundParameters.ContainsKey('Password')) { $parameters['Password'] = ConvertFrom-BridgeSecret $Password }
        if ($PSBoundParameters.ContainsKey('Quiet')) { $parameters['Quiet'] = $Quiet.IsPresent }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Test-FailoverReadiness' $parameters $WhatIfPreference
    }
}

function Test-FailoverSetting {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('IisFailover.SettingTest')]
    param(
        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    end {
        $parameters = @{}
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Test-FailoverSetting' $parameters $WhatIfPreference
    }
}

function Test-FailoverSite {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('IisFailover.SiteTest')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateSet('Primary', 'Failover')]
        [ValidateNotNullOrEmpty()]
        [string] $Role,

        [Parameter()]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Server,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Address,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('Role')) { $parameters['Role'] = $Role }
        if ($PSBoundParameters.ContainsKey('Server')) { $parameters['Server'] = $Server }
        if ($PSBoundParameters.ContainsKey('Address')) { $parameters['Address'] = $Address }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Test-FailoverSite' $parameters $WhatIfPreference
    }
}

function Test-FailoverSwitch {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Low', PositionalBinding = $false)]
    [OutputType('IisFailover.SwitchDrill')]
    param(
        [Parameter(Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Name) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Name'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Test-FailoverSwitch' $parameters $WhatIfPreference
    }
}

function Undo-FailoverRestore {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.Restore')]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName = $true)]
        [ValidateNotNullOrEmpty()]
        [string[]] $Id,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Id) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Id'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Undo-FailoverRestore' $parameters $WhatIfPreference
    }
}

function Unregister-FailoverTask {
    # .ExternalHelp IisFailover-help.xml
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('IisFailover.Task')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string[]] $Task,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SettingsPath
    )
    begin { $collected = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($item in $Task) { $collected.Add($item) } }
    end {
        if ($MyInvocation.ExpectingInput -and $collected.Count -eq 0) { return }
        $parameters = @{}
        if ($collected.Count -gt 0) { $parameters['Task'] = $collected.ToArray() }
        if ($PSBoundParameters.ContainsKey('SettingsPath')) { $parameters['SettingsPath'] = Resolve-BridgePath $PSCmdlet $SettingsPath }
        Invoke-BridgeCommand $PSCmdlet 'Unregister-FailoverTask' $parameters $WhatIfPreference
    }
}

Register-ArgumentCompleter -CommandName 'Backup-FailoverSite', 'Compare-FailoverSite', 'Copy-FailoverContent', 'Export-FailoverReport', 'Get-FailoverEvent', 'Get-FailoverRestore', 'Get-FailoverSite', 'Initialize-FailoverZone', 'Invoke-FailoverMonitor', 'New-FailoverSetting', 'Restore-FailoverSite', 'Resume-FailoverSite', 'Suspend-FailoverSite', 'Switch-FailoverSite', 'Test-FailoverReadiness', 'Test-FailoverSite', 'Test-FailoverSwitch' -ParameterName Name -ScriptBlock $script:NameCompleter
Register-ArgumentCompleter -CommandName 'Switch-FailoverSite', 'Test-FailoverSite' -ParameterName Server -ScriptBlock $script:NameCompleter
