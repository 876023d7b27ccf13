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
