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
