# Functions that keep records as the cmdlets of the module DnsServer do, as far as the provider calls them.
$script:zones = @{}
$script:failing = $null
$script:user = $null

function Set-StandInZone {
    param($ZoneName, $Records)
    $script:failing = $null
    $script:zones[$ZoneName] = [Collections.Generic.List[object]]::new()
    foreach ($one in $Records) {
        $parts = $one -split ' '
        $stamp = if ($parts[3] -eq 'dynamic') { [datetime]::new(2026, 1, 2, 3, 0, 0) } else { $null }
        $data = if ($parts[1] -eq 'MX') { "$($parts[2]) $($parts[4])" } else { $parts[2] }
        $script:zones[$ZoneName].Add((New-StandInRecord $parts[0] $parts[1] $data $stamp ([timespan]::FromSeconds(300))))
    }
}
function Get-StandInZone {
    param($ZoneName)
    foreach ($one in $script:zones[$ZoneName]) {
        $kind = if ($one.Timestamp) { 'dynamic' } else { 'static' }
        "$($one.HostName) $($one.RecordType) $($one.Text) $kind $($one.TimeToLive.TotalSeconds)"
    }
}
function Set-StandInFailure { param($At, $Times) $script:failing = $At; $script:failures = $Times }
function Get-StandInUser { $script:user }
function New-StandInRecord {
    param($HostName, $RecordType, $Data, $Timestamp, $TimeToLive)
    $content = switch ($RecordType) {
        'A' { @{ IPv4Address = [ipaddress]$Data } }
        'AAAA' { @{ IPv6Address = [ipaddress]$Data } }
        'CNAME' { @{ HostNameAlias = $Data } }
        'SOA' {
            $number, $refresh, $retry, $expire, $minimum = $Data -split '/'
            @{
                PrimaryServer = 'dc1.corp.site1.com.'; ResponsiblePerson = 'hostmaster.corp.site1.com.'
                SerialNumber = [uint32]$number; RefreshInterval = [timespan]::FromSeconds($refresh)
                RetryDelay = [timespan]::FromSeconds($retry); ExpireLimit = [timespan]::FromSeconds($expire)
                MinimumTimeToLive = [timespan]::FromSeconds($minimum)
            }
        }
        'MX' { @{ Preference = [uint16]($Data -split ' ')[0]; MailExchange = ($Data -split ' ')[1] } }
        default { @{ DescriptiveText = $Data } }
    }
    $record = [pscustomobject]@{
        HostName = $HostName; RecordType = $RecordType; TimeToLive = $TimeToLive; Timestamp = $Timestamp
        RecordData = [pscustomobject]$content; Text = $Data
    }
    # As a CimInstance is copied: with the values inside it.
    $record.PSObject.Members.Add([psscriptmethod]::new('Clone', {
                $copy = $this.PSObject.Copy()
                $copy.RecordData = $this.RecordData.PSObject.Copy()
                $copy
            }))
    $record
}
function Assert-StandIn {
    param($Step, $ComputerName, $CimSession, $ZoneName)
    if ($ComputerName -ne 'dns1' -and $CimSession.ComputerName -ne 'dns1') { throw 'No server of this name' }
    if ($ZoneName -and -not $script:zones.ContainsKey($ZoneName)) {
        Write-Error -Message "The zone $ZoneName was not found" -ErrorId 'WIN32 9601' -ErrorAction Stop
    }
    if ($script:failing -and $script:failures -gt 0 -and $Step -match $script:failing) {
        $script:failures--
        Write-Error -Message "Access denied: $Step" -ErrorId 'WIN32 5' -ErrorAction Stop
    }
}

function New-CimSession {
    [CmdletBinding()] param($ComputerName, [pscredential]$Credential)
    $script:user = "$($Credential.UserName) $($Credential.GetNetworkCredential().Password)"
    [pscustomobject]@{ ComputerName = $ComputerName }
}
function Get-DnsServerZone {
    [CmdletBinding()] param($ComputerName, $CimSession)
    Assert-StandIn 'zones' $ComputerName $CimSession
    foreach ($name in $script:zones.Keys) { [pscustomobject]@{ ZoneName = $name; ZoneType = 'Primary'; IsReverseLookupZone = $false } }
    [pscustomobject]@{ ZoneName = '1.10.in-addr.arpa'; ZoneType = 'Primary'; IsReverseLookupZone = $true }
    [pscustomobject]@{ ZoneName = 'forwarded.com'; ZoneType = 'Forwarder'; IsReverseLookupZone = $false }
}
function Get-DnsServerResourceRecord {
    [CmdletBinding()] param($ComputerName, $CimSession, $ZoneName, $Name, $RRType, [switch]$Node)
    Assert-StandIn "get $Name" $ComputerName $CimSession $ZoneName
    $found = @($script:zones[$ZoneName] | Where-Object { $_.HostName -eq $Name -and (-not $RRType -or $_.RecordType -eq $RRType) })
    if ($found.Count -eq 0) { Write-Error -Message "Failed to get $Name" -ErrorId 'WIN32 9714' -ErrorAction Stop }
    $found
}
function Add-DnsServerResourceRecord {
    [CmdletBinding()]
    param($ComputerName, $CimSession, $ZoneName, $Name, [switch]$A, [switch]$AAAA, [ipaddress]$IPv4Address, [ipaddress]$IPv6Address,
        [timespan]$TimeToLive, [switch]$AgeRecord)
    $type = if ($A) { 'A' } else { 'AAAA' }
    $data = if ($A) { $IPv4Address } else { $IPv6Address }
    Assert-StandIn "add $Name $type" $ComputerName $CimSession $ZoneName
    $stamp = if ($AgeRecord) { Get-Date } else { $null }
    $script:zones[$ZoneName].Add((New-StandInRecord $Name $type ([string]$data) $stamp $TimeToLive))
}
function Set-DnsServerResourceRecord {
    [CmdletBinding()] param($ComputerName, $CimSession, $ZoneName, $OldInputObject, $NewInputObject)
    Assert-StandIn "set $($OldInputObject.HostName) $($OldInputObject.RecordType)" $ComputerName $CimSession $ZoneName
    if (-not $script:zones[$ZoneName].Remove($OldInputObject)) { throw 'There is no such record' }
    $new = $NewInputObject.Clone()
    $new.Timestamp = $null # as the real one does
    if ($new.RecordType -eq 'SOA') {
        $soa = $new.RecordData
        $times = $soa.RefreshInterval, $soa.RetryDelay, $soa.ExpireLimit, $soa.MinimumTimeToLive | ForEach-Object TotalSeconds
        $new.Text = (@($soa.SerialNumber) + $times) -join '/'
    }
    $script:zones[$ZoneName].Add($new)
}
function Remove-DnsServerResourceRecord {
    [CmdletBinding()] param($ComputerName, $CimSession, $ZoneName, $Name, $RRType, $RecordData, [switch]$Force)
    if (-not $Force) { throw 'It would ask for confirmation' }
    Assert-StandIn "remove $Name $RRType" $ComputerName $CimSession $ZoneName
    $record = $script:zones[$ZoneName] | Where-Object { $_.HostName -eq $Name -and $_.RecordType -eq $RRType -and $_.Text -eq $RecordData }
    if (-not $record) { Write-Error -Message 'Failed to find the record' -ErrorId 'WIN32 9701' -ErrorAction Stop }
    [void] $script:zones[$ZoneName].Remove($record)
}
