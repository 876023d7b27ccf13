using System.Management.Automation;
using System.Management.Automation.Runspaces;
using IisFailover.EngineHost.Cmdlets;

namespace IisFailover.EngineHost;

/// <summary>
/// Stand-ins for the most used cmdlets of Microsoft.PowerShell.Utility and Microsoft.PowerShell.Management, which no
/// package registry ships. They take the everyday parameters, enough for the documentation's examples; the module
/// itself uses none of them. IISFAILOVER_ENGINE_ONLY=1 leaves them out, to prove just that.
/// </summary>
internal static class StandIns
{
    public static void AddTo(InitialSessionState state)
    {
        Add<WriteOutput>("Write-Output");
        Add<WriteError>("Write-Error");
        Add<WriteWarning>("Write-Warning");
        Add<WriteVerbose>("Write-Verbose");
        Add<WriteDebug>("Write-Debug");
        Add<WriteInformation>("Write-Information");
        Add<WriteHost>("Write-Host");
        Add<WriteProgress>("Write-Progress");
        Add<ReadHost>("Read-Host");
        Add<SelectObject>("Select-Object");
        Add<SortObject>("Sort-Object");
        Add<MeasureObject>("Measure-Object");
        Add<NewObject>("New-Object");
        Add<FormatTableObject>("Format-Table");
        Add<FormatList>("Format-List");
        Add<OutString>("Out-String");
        Add<GetDate>("Get-Date");
        Add<StartSleep>("Start-Sleep");
        Add<ConvertToSecureString>("ConvertTo-SecureString");
        Add<JoinPath>("Join-Path");
        Add<SplitPath>("Split-Path");
        Add<TestPath>("Test-Path");
        Add<GetItem>("Get-Item");
        Add<GetChildItem>("Get-ChildItem");
        Add<NewItem>("New-Item");
        Add<RemoveItem>("Remove-Item");
        Add<GetContent>("Get-Content");
        Add<SetContent>("Set-Content");
        Add<GetLocation>("Get-Location");
        Add<SetLocation>("Set-Location");
        Add<PushLocation>("Push-Location");
        Add<PopLocation>("Pop-Location");

        void Add<T>(string name)
            where T : Cmdlet => state.Commands.Add(new SessionStateCmdletEntry(name, typeof(T), null));
    }
}
