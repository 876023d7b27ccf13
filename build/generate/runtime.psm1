# The bridge to the Node process that does the work: one for each PowerShell session, started by the first cmdlet.
# Only the engine is used here (no cmdlet of the Utility and Management modules), and only .NET that exists in
# .NET Framework 4.7.2 as well, so that the module loads in Windows PowerShell 5.1 and in constrained hosts.

# Process, Writer, Reader, Errors, Pending (the one outstanding ReadLineAsync), Backlog (lines read but not yet looked
# at) and Queues (replies by call id).
$script:Bridge = $null
$script:LastCall = 0

function New-BridgeError {
    param([string] $Message, [string] $ErrorId, [string] $Category, $Target, [string] $Remedy)
    $kind = [System.Management.Automation.ErrorCategory]::NotSpecified
    [void][System.Enum]::TryParse($Category, [ref] $kind)
    $exception = [System.InvalidOperationException]::new($Message)
    $record = [System.Management.Automation.ErrorRecord]::new($exception, $ErrorId, $kind, $Target)
    if ($Remedy) {
        $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new($Message)
        $record.ErrorDetails.RecommendedAction = $Remedy
    }
    , $record
}

function Find-Node {
    $named = [System.Environment]::GetEnvironmentVariable('IISFAILOVER_NODE')
    if ($named) { return $named }
    $windows = [System.IO.Path]::DirectorySeparatorChar -eq [char] '\'
    $name = 'node'
    if ($windows) { $name = 'node.exe' }
    $folders = @([System.IO.Path]::Combine($PSScriptRoot, 'lib'))
    $path = [System.Environment]::GetEnvironmentVariable('PATH')
    if ($path) { $folders += $path.Split([System.IO.Path]::PathSeparator) }
    foreach ($folder in $folders) {
        if (-not $folder.Trim()) { continue }
        try { $candidate = [System.IO.Path]::Combine($folder.Trim().Trim('"'), $name) } catch { continue }
        if ([System.IO.File]::Exists($candidate)) { return $candidate }
    }
    return $null
}

function Start-Bridge {
    $node = Find-Node
    if (-not $node) {
        throw (New-BridgeError 'Node.js was not found on the PATH.' 'NodeNotFound' $script:Failures.NodeNotFound.Category $null $script:Failures.NodeNotFound.Remedy)
    }
    $start = [System.Diagnostics.ProcessStartInfo]::new()
    $start.FileName = $node
    $start.Arguments = '"' + [System.IO.Path]::Combine($PSScriptRoot, 'lib', 'start.cjs') + '"'
    $start.WorkingDirectory = $PSScriptRoot
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = [System.Text.Encoding]::UTF8
    $start.StandardErrorEncoding = [System.Text.Encoding]::UTF8
    try { $process = [System.Diagnostics.Process]::Start($start) }
    catch {
        $why = 'Node.js could not be started ({0}): {1}' -f $node, $_.Exception.GetBaseException().Message
        throw (New-BridgeError $why 'NodeNotFound' $script:Failures.NodeNotFound.Category $node $script:Failures.NodeNotFound.Remedy)
    }
    # A writer of our own: .NET Framework's would begin with a byte order mark in the console's encoding.
    $writer = [System.IO.StreamWriter]::new($process.StandardInput.BaseStream, [System.Text.UTF8Encoding]::new($false))
    $writer.AutoFlush = $true
    $script:Bridge = @{
        Process = $process
        Writer  = $writer
        Reader  = $process.StandardOutput
        Errors  = $process.StandardError.ReadToEndAsync()
        Pending = $null
        Backlog = [System.Collections.Generic.Queue[string]]::new()
        Queues  = @{}
    }
    $script:Bridge.Queues[0] = [System.Collections.Generic.Queue[object]]::new()
    $hello = Receive-Reply 0
    if ($hello.Kind -eq 'failed') {
        Stop-Bridge 0
        throw (New-BridgeError $hello.Value.Message $hello.Value.ErrorId $hello.Value.Category $node $hello.Value.Remedy)
    }
    if ($hello.Value.Protocol -ne $script:Protocol) {
        Stop-Bridge 0
        throw (New-BridgeError 'The bundle speaks another protocol than the module.' 'ProtocolViolation' $script:Failures.ProtocolViolation.Category $null $script:Failures.ProtocolViolation.Remedy)
    }
}

# Ends the process: closing its input asks it to; after the grace it is killed.
function Stop-Bridge {
    param([int] $GraceMilliseconds)
    $bridge = $script:Bridge
    $script:Bridge = $null
    if ($null -eq $bridge) { return }
    try { $bridge.Writer.Dispose() } catch { }
    try { if (-not $bridge.Process.WaitForExit($GraceMilliseconds)) { $bridge.Process.Kill() } } catch { }
    $bridge.Process.Dispose()
}

function Send-Request {
    param([string] $Kind, [int] $Id, $Value)
    $payload = ''
    if ($null -ne $Value) {
        # PSSerializer puts line breaks between elements only; those inside texts are escaped.
        $payload = [System.Management.Automation.PSSerializer]::Serialize($Value, 6).Replace("`r", '').Replace("`n", '')
    }
    try { $script:Bridge.Writer.WriteLine([string][char] 0x1E + $Kind + ' ' + $Id + ' ' + $payload) }
    catch { throw (New-ExitError) }
}

# Why the process has gone; the next call starts another.
function New-ExitError {
    $bridge = $script:Bridge
    $script:Bridge = $null
    $code = 'unknown'
    $tail = ''
    try { if ($bridge.Process.WaitForExit(2000)) { $code = [string] $bridge.Process.ExitCode } else { $bridge.Process.Kill() } } catch { }
    try {
        if ($bridge.Errors.Wait(500)) {
            $lines = $bridge.Errors.Result.Trim() -split "`r?`n"
            $tail = ($lines[([System.Math]::Max(0, $lines.Count - 5))..($lines.Count - 1)] -join ' ').Trim()
        }
    } catch { }
    $message = 'The Node.js process ended before the command did (exit code {0}).' -f $code
    if ($tail) { $message += ' It said: ' + $tail }
    New-BridgeError $message 'NodeExited' $script:Failures.NodeExited.Category $null $script:Failures.NodeExited.Remedy
}

# The next reply of a call. Replies of other calls of the session are put aside for them: a cmdlet further down the
# pipeline runs while this one is writing its objects. The wait is cut in pieces so that Ctrl+C is seen.
function Receive-Reply {
    param([int] $Id)
    while ($true) {
        $bridge = $script:Bridge
        if ($null -eq $bridge) { throw (New-BridgeError 'The Node.js process was stopped by another call of this session.' 'NodeExited' $script:Failures.NodeExited.Category $null $script:Failures.NodeExited.Remedy) }
        if ($bridge.Queues[$Id].Count -gt 0) { return $bridge.Queues[$Id].Dequeue() }
        if ($bridge.Backlog.Count -gt 0) { $line = $bridge.Backlog.Dequeue() }
        else {
            if ($null -eq $bridge.Pending) { $bridge.Pending = $bridge.Reader.ReadLineAsync() }
            while (-not $bridge.Pending.Wait(50)) { }
            $line = $bridge.Pending.Result
            $bridge.Pending = $null
            if ($null -eq $line) { throw (New-ExitError) }
        }
        $start = $line.LastIndexOf([char] 0x1E)
        if ($start -lt 0) { continue }
        $parts = $line.Substring($start + 1).Split([char[]] @(' '), 3)
        $owner = 0
        if ($parts.Count -lt 3 -or -not [int]::TryParse($parts[1], [ref] $owner)) { continue }
        if (-not $bridge.Queues.ContainsKey($owner)) { continue }
        $value = $null
        if ($parts[0] -eq 'output') { $value = [System.Management.Automation.PSSerializer]::DeserializeAsList($parts[2]) }
        elseif ($parts[2]) { $value = [System.Management.Automation.PSSerializer]::Deserialize($parts[2]) }
        $bridge.Queues[$owner].Enqueue(@{ Kind = $parts[0]; Value = $value })
    }
}

function Write-BridgeProgress {
    param($Cmdlet, $Value)
    $record = [System.Management.Automation.ProgressRecord]::new(1, $Value.Activity, $Value.Status)
    $record.PercentComplete = $Value.Percent
    $record.SecondsRemaining = $Value.SecondsRemaining
    if ($Value.Completed) { $record.RecordType = [System.Management.Automation.ProgressRecordType]::Completed }
    $Cmdlet.WriteProgress($record)
}

# A path as Node can use it: absolute, from PowerShell's current location.
function Resolve-BridgePath {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [string] $Path)
    $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
}

# A secure string travels in clear, on the child's standard input and nowhere else.
function ConvertFrom-BridgeSecret {
    param([securestring] $Secret)
    [System.Net.NetworkCredential]::new('', $Secret).Password
}

# Sends a call, asks ShouldProcess for each step of its plan, and writes what comes back.
function Invoke-BridgeCommand {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [string] $Command, [hashtable] $Parameters, [bool] $PlanOnly)
    $id = 0
    $ended = $false
    $failure = $null
    try {
        if ($null -ne $script:Bridge -and $script:Bridge.Process.HasExited -and $script:Bridge.Queues.Count -eq 1) { Stop-Bridge 0 }
        if ($null -eq $script:Bridge) { Start-Bridge }
        $script:LastCall++
        $id = $script:LastCall
        $script:Bridge.Queues[$id] = [System.Collections.Generic.Queue[object]]::new()
        Send-Request 'invoke' $id @{
            Command             = $Command
            Parameters          = $Parameters
            SettingsEnvironment = [System.Environment]::GetEnvironmentVariable('IISFAILOVER_SETTINGS')
            ProgramData         = [System.Environment]::GetEnvironmentVariable('ProgramData')
        }
        while (-not $ended) {
            $reply = Receive-Reply $id
            $value = $reply.Value
            switch ($reply.Kind) {
                'output' { foreach ($object in $value) { $Cmdlet.WriteObject($object) } }
                'verbose' { $Cmdlet.WriteVerbose($value) }
                'warning' { $Cmdlet.WriteWarning($value) }
                'progress' { Write-BridgeProgress $Cmdlet $value }
                'error' { $Cmdlet.WriteError((New-BridgeError $value.Message $value.ErrorId $value.Category $value.Target $value.Remedy)) }
                'plan' {
                    $approved = [System.Collections.Generic.List[string]]::new()
                    foreach ($step in $value.Steps) {
                        if ($Cmdlet.ShouldProcess($step.Target, $step.Action)) { $approved.Add($step.Id) }
                    }
                    if ($PlanOnly) { Send-Request 'release' $id $null }
                    else { Send-Request 'apply' $id @{ Approved = $approved.ToArray() } }
                }
                'done' { $ended = $true }
                'failed' {
                    $ended = $true
                    $failure = New-BridgeError $value.Message $value.ErrorId $value.Category $value.Target $value.Remedy
                }
            }
        }
    }
    catch [System.InvalidOperationException] {
        # Only what this file throws; an error of a command further down the pipeline goes its own way.
        if (-not $script:Failures.ContainsKey($_.FullyQualifiedErrorId)) { throw }
        $ended = $true
        $failure = $_
    }
    finally {
        # Reached by Ctrl+C and Select-Object -First as well; the engine then runs no command, only .NET calls.
        $bridge = $script:Bridge
        if ($null -ne $bridge -and $id -ne 0) {
            if (-not $ended) {
                $deadline = [System.DateTime]::UtcNow.AddSeconds(2)
                $alive = $true
                try { $bridge.Writer.WriteLine([string][char] 0x1E + 'cancel ' + $id + ' ') } catch { $alive = $false }
                $last = [string][char] 0x1E + 'failed ' + $id + ' '
                $done = [string][char] 0x1E + 'done ' + $id + ' '
                while ($alive -and -not $ended) {
                    if ($null -eq $bridge.Pending) { $bridge.Pending = $bridge.Reader.ReadLineAsync() }
                    if (-not $bridge.Pending.Wait(50)) {
                        $alive = [System.DateTime]::UtcNow -lt $deadline
                        continue
                    }
                    $line = $bridge.Pending.Result
                    $bridge.Pending = $null
                    if ($null -eq $line) { $alive = $false; continue }
                    $ended = $line.Contains($last) -or $line.Contains($done)
                    $bridge.Backlog.Enqueue($line)
                }
                if (-not $alive) {
                    # It does not listen any more: the next call starts another.
                    $script:Bridge = $null
                    try { $bridge.Process.Kill() } catch { }
                }
            }
            [void] $bridge.Queues.Remove($id)
        }
    }
    if ($null -ne $failure) { $Cmdlet.ThrowTerminatingError($failure) }
}

$ExecutionContext.SessionState.Module.OnRemove = { Stop-Bridge 2000 }
