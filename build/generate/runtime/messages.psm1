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
