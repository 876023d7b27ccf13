# Generated from src/commands and package.json by npm run build.
@{
    RootModule = 'IisFailover.psm1'
    ModuleVersion = '0.3.0'
    GUID = 'b6f0d1c4-6a0e-4b7e-9a55-3f1f6a1d2c90'
    Author = 'The IisFailover authors'
    CompanyName = 'IisFailover'
    Copyright = '(c) The IisFailover authors. MIT licence.'
    Description = 'Keeps a failover IIS server in step with its primary and moves DNS records when the primary is down, and back.'
    PowerShellVersion = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions = @('Desktop', 'Core')
    FormatsToProcess = @('IisFailover.format.ps1xml')
    FunctionsToExport = @(
        'Backup-FailoverSite'
        'Compare-FailoverSite'
        'Copy-FailoverContent'
        'Export-FailoverCertificate'
        'Export-FailoverReport'
        'Get-FailoverEvent'
        'Get-FailoverRestore'
        'Get-FailoverSite'
        'Get-FailoverTask'
        'Import-FailoverCertificate'
        'Initialize-FailoverServer'
        'Initialize-FailoverZone'
        'Invoke-FailoverMonitor'
        'New-FailoverSetting'
        'Register-FailoverTask'
        'Restore-FailoverSite'
        'Resume-FailoverSite'
        'Suspend-FailoverSite'
        'Switch-FailoverSite'
        'Test-FailoverLog'
        'Test-FailoverNotification'
        'Test-FailoverReadiness'
        'Test-FailoverSetting'
        'Test-FailoverSite'
        'Test-FailoverSwitch'
        'Undo-FailoverRestore'
        'Unregister-FailoverTask'
    )
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    FileList = @(
        'IisFailover.psd1'
        'IisFailover.psm1'
        'IisFailover.format.ps1xml'
        'failover.schema.json'
        'en-US\IisFailover-help.xml'
        'en-US\about_IisFailover.help.txt'
        'lib\content-worker.cjs'
        'lib\iisfailover.cjs'
        'lib\report-page.css'
        'lib\report-page.js'
        'lib\start.cjs'
    )
    PrivateData = @{
        PSData = @{
            Tags = @('IIS', 'Failover', 'DNS', 'Backup', 'Monitoring', 'Windows', 'PSEdition_Desktop', 'PSEdition_Core')
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
